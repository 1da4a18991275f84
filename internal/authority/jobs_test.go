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
	authority.Workers(b.Gateway)(workers)
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
	if n := len(authority.Periodic(b.Gateway)); n != 3 {
		t.Errorf("%d periodic jobs", n)
	}
}
