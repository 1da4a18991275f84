package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/openbeian/beian/internal/jobs"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

type greetArgs struct {
	Name string `json:"name"`
}

func (greetArgs) Kind() string { return "greet" }

func (greetArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: jobs.Notice} }

type tickArgs struct{}

func (tickArgs) Kind() string { return "tick" }

// run starts a runner whose jobs report their names.
func run(t *testing.T, s *store.Store, periodic ...*river.PeriodicJob) (ran chan string, r *jobs.Runner) {
	t.Helper()
	ran = make(chan string, 16)
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(_ context.Context, j *river.Job[greetArgs]) error {
		ran <- j.Args.Name
		return nil
	}))
	river.AddWorker(workers, river.WorkFunc(func(context.Context, *river.Job[tickArgs]) error {
		ran <- "tick"
		return nil
	}))
	r, err := jobs.New(s, workers, periodic, slog.New(slog.DiscardHandler), jobs.Config{Poll: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := r.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return ran, r
}

func await(t *testing.T, ran chan string) string {
	t.Helper()
	select {
	case name := <-ran:
		return name
	case <-time.After(20 * time.Second):
		t.Fatal("no job ran")
		return ""
	}
}

func TestAJobRunsExactlyWhenItsTransactionWasCommitted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		ran, _ := run(t, s)
		changedMind := errors.New("changed my mind")
		err := s.Update(ctx, func(tx *store.Tx) error {
			if err := tx.Enqueue(ctx, greetArgs{Name: "rolled back"}); err != nil {
				return err
			}
			return changedMind
		})
		if !errors.Is(err, changedMind) {
			t.Fatalf("err = %v", err)
		}
		if err := s.Update(ctx, func(tx *store.Tx) error { return tx.Enqueue(ctx, greetArgs{Name: "committed"}) }); err != nil {
			t.Fatal(err)
		}
		// The jobs of a queue begin in order: had the first one existed, it
		// would have come first.
		if got := await(t, ran); got != "committed" {
			t.Errorf("ran %q", got)
		}
		if err := s.Update(ctx, func(tx *store.Tx) error { return tx.Enqueue(ctx, greetArgs{Name: "next"}) }); err != nil {
			t.Fatal(err)
		}
		if got := await(t, ran); got != "next" {
			t.Errorf("ran %q", got)
		}
	})
}

func TestPeriodicJobsRunAtTheStart(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ran, _ := run(t, s, jobs.Every(time.Hour, func() river.JobArgs { return tickArgs{} }))
		if got := await(t, ran); got != "tick" {
			t.Errorf("ran %q", got)
		}
	})
}

func TestStopEndsTheRunner(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ran, r := run(t, s)
		if err := r.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		<-r.Done()
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Enqueue(t.Context(), greetArgs{Name: "late"}) }); err != nil {
			t.Fatal(err)
		}
		if len(ran) != 0 {
			t.Errorf("ran %q after the stop", <-ran)
		}
	})
}

// stuckArgs is a job whose process dies in the middle.
type stuckArgs struct{}

func (stuckArgs) Kind() string { return "stuck" }

func TestWhatAKilledProcessLeftRunsAgainAtOnce(t *testing.T) {
	t.Parallel()
	s := storetest.NewSQLite(t)
	started, workers := make(chan struct{}), river.NewWorkers()
	never := make(chan struct{})
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[stuckArgs]) error {
		close(started)
		select {
		case <-never:
		case <-ctx.Done():
		}
		return ctx.Err()
	}))
	// The process that is as good as dead looks once and takes nothing up again.
	dead, err := jobs.New(s, workers, nil, slog.New(slog.DiscardHandler), jobs.Config{Poll: time.Hour, Grace: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Enqueue(t.Context(), stuckArgs{}) }); err != nil {
		t.Fatal(err)
	}
	if err := dead.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-started // the job is marked as running; its process goes on, but as if it were dead
	again, second := make(chan struct{}), river.NewWorkers()
	river.AddWorker(second, river.WorkFunc(func(context.Context, *river.Job[stuckArgs]) error {
		close(again)
		return nil
	}))
	next, err := jobs.New(s, second, nil, slog.New(slog.DiscardHandler), jobs.Config{Poll: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-again:
	case <-time.After(20 * time.Second):
		t.Error("the job was not taken up again")
	}
	for _, r := range []*jobs.Runner{next, dead} {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		_ = r.Stop(ctx) // the first one's job is cut off
		cancel()
	}
}
