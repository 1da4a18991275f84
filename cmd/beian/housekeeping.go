package main

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/openbeian/beian/internal/store"
)

// tidyArgs is the job that removes rows whose time is over.
type tidyArgs struct{}

// Kind names the job.
func (tidyArgs) Kind() string { return "tidy-rows" }

// What is kept how long after it is of no more use.
const (
	keepKeys  = 7 * 24 * time.Hour
	keepCodes = 24 * time.Hour
	keepHits  = 24 * time.Hour
)

func (a *app) addHousekeeping(workers *river.Workers) {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[tidyArgs]) error { return a.tidy(ctx) }))
}

// tidy removes ended sessions, old verification codes, rate windows,
// idempotency keys and reports of pre-checks past their end.
func (a *app) tidy(ctx context.Context) error {
	now := a.clock.Now()
	steps := []func(*store.Tx) (int64, error){
		func(tx *store.Tx) (int64, error) { return tx.DeleteExpiredSessions(ctx, now) },
		func(tx *store.Tx) (int64, error) { return tx.DeleteVerifications(ctx, now.Add(-keepCodes)) },
		func(tx *store.Tx) (int64, error) { return tx.DeleteWindows(ctx, now.Add(-keepHits)) },
		func(tx *store.Tx) (int64, error) { return tx.DeleteKeys(ctx, now.Add(-keepKeys)) },
		func(tx *store.Tx) (int64, error) { return tx.DeletePrechecks(ctx, now) },
	}
	for _, step := range steps {
		err := a.store.Update(ctx, func(tx *store.Tx) error {
			_, err := step(tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
