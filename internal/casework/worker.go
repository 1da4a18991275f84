package casework

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// ClocksArgs is the job that acts on deadlines that are due.
type ClocksArgs struct{}

// Kind names the job.
func (ClocksArgs) Kind() string { return "case-clocks" }

// SweepArgs is the job that removes blobs that no material names.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "case-sweep" }

// AddWorkers registers the jobs of this package.
func (c *Cases) AddWorkers(workers *river.Workers) {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[ClocksArgs]) error { return c.allClocks(ctx) }))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[SweepArgs]) error { return c.Sweep(ctx) }))
}

// clockBatch bounds how many deadlines one query brings.
const clockBatch = 100

// allClocks acts on everything that is due; a deadline that fails is tried
// again by the next run and does not hold up the others.
func (c *Cases) allClocks(ctx context.Context) error {
	for {
		n, err := c.RunClocks(ctx, clockBatch)
		if err != nil || n < clockBatch {
			return err
		}
	}
}

// sweepAge spares blobs whose row may not be committed yet.
const sweepAge = 24 * time.Hour

// Sweep removes sealed pictures that no row names: left by a crash between
// storing the bytes and the row, or by a material that was replaced.
func (c *Cases) Sweep(ctx context.Context) error {
	before := c.Clock.Now().Add(-sweepAge)
	for entry, err := range c.Blobs.List(ctx) {
		if err != nil {
			return err
		}
		if entry.At.After(before) {
			continue
		}
		used, err := c.named(ctx, entry.Key)
		if err != nil {
			return err
		}
		if used {
			continue
		}
		if err := c.Blobs.Delete(ctx, entry.Key); err != nil {
			return err
		}
	}
	return nil
}

// named reports whether a material or another package's row names a blob.
// Only keys of materials are judged here; others belong to the gateway.
func (c *Cases) named(ctx context.Context, key string) (bool, error) {
	if !isMaterialKey(key) {
		return true, nil
	}
	err := c.Store.View(ctx, func(tx *store.Tx) error {
		_, err := tx.Material(ctx, icp.MaterialID(key[len(materialPrefix):]))
		return err
	})
	if errors.Is(err, icp.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// materialPrefix marks the blobs of materials.
const materialPrefix = "material-"

func isMaterialKey(key string) bool {
	return len(key) > len(materialPrefix) && key[:len(materialPrefix)] == materialPrefix
}
