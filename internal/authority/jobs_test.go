package authority_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/jobs"
	"github.com/openbeian/beian/internal/store"
)

func TestWakeSendsWhatIsReadyAfterTheCommit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.ready("cedar.example.cn")
	workers := river.NewWorkers()
	authority.Workers(authority.Fixed(b.Gateway))(workers)
	runner, err := jobs.New(b.store, workers, nil, slog.New(slog.DiscardHandler), jobs.Config{Queues: []string{jobs.Authority}, Poll: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.update(func(ctx context.Context, tx *store.Tx) error { return b.Wake(ctx, tx) })
	look, deadline := time.NewTicker(10*time.Millisecond), time.After(20*time.Second)
	defer look.Stop()
	for b.state(o.ID) != icp.StateSMSPending || b.row().PolledAt.IsZero() { // accepting asks for a poll
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("state %s, polled at %v", b.state(o.ID), b.row().PolledAt)
		}
	}
	if err := runner.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
}

func TestJobsOfAChannelWaitOnce(t *testing.T) {
	t.Parallel()
	for _, args := range []river.JobArgsWithInsertOpts{authority.UploadArgs{Channel: "a"}, authority.PollArgs{Channel: "a"}} {
		if o := args.InsertOpts(); o.Queue != jobs.Authority || !o.UniqueOpts.ByArgs || len(o.UniqueOpts.ByState) != 4 || o.UniqueOpts.ByPeriod != time.Minute { // the period is for the job of a dead process
			t.Errorf("%T: %+v", args, o)
		}
	}
	b := newBench(t)
	if n := len(authority.Periodic(authority.Fixed(b.Gateway))); n != 2 {
		t.Errorf("%d periodic jobs", n)
	}
}

func TestAChannelAddedAtRunTimeIsPolled(t *testing.T) {
	t.Parallel()
	b := newBench(t, secondAccount)
	c := b.installation()
	c.Look = 20 * time.Millisecond
	workers := river.NewWorkers()
	authority.Workers(c)(workers)
	runner, err := jobs.New(b.store, workers, authority.Periodic(c), slog.New(slog.DiscardHandler), jobs.Config{Queues: []string{jobs.Authority}, Poll: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Create(t.Context(), operator, "sh", b.second(), secondSecrets); err != nil {
		t.Fatal(err)
	}
	polled := func() time.Time {
		var row store.AuthorityChannel
		b.update(func(ctx context.Context, tx *store.Tx) (err error) {
			row, err = tx.AuthorityChannel(ctx, "sh")
			return err
		})
		return row.PolledAt
	}
	look, deadline := time.NewTicker(10*time.Millisecond), time.After(20*time.Second)
	defer look.Stop()
	for polled().IsZero() {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatal("not polled")
		}
	}
	if err := runner.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	// The pace is kept: it is not due again before its pause is over.
	first := polled()
	if err := c.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.want("polled once", polled(), first)
}
