// Package jobs runs what must happen after a commit: sending notices, talking
// to the authority, deadlines, and clearing away. The queue is River's, in the
// tables of the store, so that a job exists exactly when the transaction that
// asked for it was committed; see store.Tx.Enqueue.
//
// A job runs at least once: after a crash it runs again. So each worker must
// be repeatable, and must ask the database what is still to do rather than
// trust its arguments. Several nodes may run the same queues; periodic jobs are
// started by one of them.
package jobs

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/openbeian/beian/internal/store"
)

// The queues. A job's arguments name theirs in InsertOpts.
const (
	Default   = river.QueueDefault
	Notice    = "notice"    // mail and messages
	Authority = "authority" // calls to the authority
	Deadline  = "deadline"  // clocks of orders that ran out
)

// Config are the settings; the zero value is fit for one node.
type Config struct {
	// Node names this process to the others; River makes up a name when empty.
	Node string
	// Queues limits what this node runs; none means all.
	Queues []string
	// Poll is how often each queue is looked at; 0 means half a second. With
	// PostgreSQL new jobs are also announced, so this is the exception there.
	Poll time.Duration
	// Timeout ends the context of a job; 0 means a minute.
	Timeout time.Duration
	// Grace is how long Stop lets running jobs finish before it ends their
	// contexts; 0 means ten seconds.
	Grace time.Duration
}

// Runner works the queues of one node.
type Runner struct {
	client *river.Client[*sql.Tx]
	store  *store.Store
}

// workersOf is how many jobs of a queue run at once. A channel to an authority
// has two, which mostly wait for answers, and a slow one must not hold up the
// others; SQLite has one writer.
func workersOf(queue, engine string) int {
	switch {
	case queue == Authority:
		return 6
	case engine == "sqlite":
		return 4
	default:
		return 10
	}
}

// New sets up a runner; nothing runs before Start. The periodic jobs need
// workers too.
func New(st *store.Store, workers *river.Workers, periodic []*river.PeriodicJob, logger *slog.Logger, cfg Config) (*Runner, error) {
	if len(cfg.Queues) == 0 {
		cfg.Queues = []string{Default, Notice, Authority, Deadline}
	}
	engine := st.EngineName()
	queues := make(map[string]river.QueueConfig, len(cfg.Queues))
	for _, q := range cfg.Queues {
		queues[q] = river.QueueConfig{MaxWorkers: workersOf(q, engine)}
	}
	timeout := cmp.Or(cfg.Timeout, time.Minute)
	client, err := river.NewClient(st.JobDriver(), &river.Config{
		ID:                cfg.Node,
		Queues:            queues,
		Workers:           workers,
		PeriodicJobs:      periodic,
		Logger:            logger,
		FetchPollInterval: cmp.Or(cfg.Poll, 500*time.Millisecond),
		FetchCooldown:     20 * time.Millisecond,
		JobTimeout:        timeout,
		// Whose node died is taken up again soon, but never while it may run.
		RescueStuckJobsAfter: timeout + 5*time.Minute,
		SoftStopTimeout:      cmp.Or(cfg.Grace, 10*time.Second),
		// River's announcements on SQLite are a table that it would read
		// twenty times a second through the only connection that writes.
		PollOnly: engine == "sqlite",
	})
	if err != nil {
		return nil, fmt.Errorf("set up jobs: %w", err)
	}
	return &Runner{client: client, store: st}, nil
}

// Start begins to run jobs and returns at once. Ending ctx does what Stop does.
// On SQLite there is one process, so what is marked as running was left by one
// that was killed, and is taken up at once instead of after the rescue's wait.
func (r *Runner) Start(ctx context.Context) error {
	if r.store.EngineName() == "sqlite" {
		if err := r.store.FreeJobs(ctx); err != nil {
			return fmt.Errorf("free jobs of a killed process: %w", err)
		}
	}
	if err := r.client.Start(ctx); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	return nil
}

// Stop takes no more jobs and waits for the running ones: their contexts end
// after the grace, and the wait with ctx. What did not finish runs again later.
func (r *Runner) Stop(ctx context.Context) error {
	if err := r.client.Stop(ctx); err != nil {
		return fmt.Errorf("stop jobs: %w", err)
	}
	return nil
}

// Done is closed when the runner has stopped.
func (r *Runner) Done() <-chan struct{} { return r.client.Stopped() }

// Every makes a periodic job: args are enqueued at the start and at each
// interval. With a unique option in its InsertOpts, one never waits behind another.
func Every(interval time.Duration, args func() river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(interval), func() (river.JobArgs, *river.InsertOpts) {
		return args(), nil
	}, &river.PeriodicJobOpts{RunOnStart: true})
}
