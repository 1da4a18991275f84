package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// result is what a load came to.
type result struct {
	engine     string
	skip       bool
	clients    int
	lifecycles int
	wall       time.Duration
	cpu        time.Duration // of the server process
	dbCPU      time.Duration // of PostgreSQL's processes
	idle       time.Duration // of the server in a second without requests
	peak, rss  int64         // bytes of memory of the server process
	took       map[string][]time.Duration
}

// settle is how long the server may finish jobs before its processor time is
// read: what a lifecycle leaves to be done counts as its cost.
const settle = 2 * time.Second

// load takes lifecycles through, with so many clients at once. Each client
// begins its next lifecycle, with another unit and session, when the last ended.
func (w *world) load(ctx context.Context, clients, lifecycles int) (*result, error) {
	if w.next+lifecycles > len(w.units) {
		return nil, fmt.Errorf("%d units left for %d lifecycles", len(w.units)-w.next, lifecycles)
	}
	consents, err := w.units[0].client.Consents(ctx)
	if err != nil {
		return nil, err
	}
	todo := make(chan *unit, lifecycles)
	for i := range lifecycles {
		todo <- &w.units[w.next+i]
	}
	close(todo)
	w.next += lifecycles
	stopDesk := w.authority.desk(ctx)
	before, err := w.spent()
	if err != nil {
		return nil, errors.Join(err, stopDesk())
	}
	began := time.Now()
	watches, err := w.drive(ctx, clients, todo, consents)
	wall := time.Since(began)
	if err = errors.Join(err, stopDesk()); err != nil {
		return nil, err
	}
	if err := pause(ctx, settle); err != nil {
		return nil, err
	}
	after, err := w.spent()
	if err != nil {
		return nil, err
	}
	r := &result{clients: clients, lifecycles: lifecycles, wall: wall, cpu: after.server - before.server, dbCPU: after.database - before.database,
		took: map[string][]time.Duration{}}
	if r.idle, err = w.idle(ctx, after.server); err != nil {
		return nil, err
	}
	for _, s := range watches {
		for name, list := range s.took {
			r.took[name] = append(r.took[name], list...)
		}
	}
	for _, list := range r.took {
		slices.Sort(list)
	}
	r.peak, r.rss, err = memory(w.server.Cmd.Process.Pid)
	return r, err
}

// idleFor is how long the server is watched while nobody asks it anything.
const idleFor = 3 * time.Second

// idle tells what the server needs in a second for nothing: looking for jobs
// and asking the authority. It is part of every other figure.
func (w *world) idle(ctx context.Context, before time.Duration) (time.Duration, error) {
	if err := pause(ctx, idleFor); err != nil {
		return 0, err
	}
	after, err := processorTime(w.server.Cmd.Process.Pid)
	return (after - before) * time.Second / idleFor, err
}

// drive runs the clients until nothing is left or one fails.
func (w *world) drive(ctx context.Context, clients int, todo <-chan *unit, consents []map[string]any) ([]stopwatch, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watches := make([]stopwatch, clients)
	var wg sync.WaitGroup
	for i := range clients {
		watches[i].took = map[string][]time.Duration{}
		wg.Go(func() {
			for u := range todo {
				if ctx.Err() != nil {
					return
				}
				if err := w.lifecycle(ctx, u, w.reviewers[i], consents, &watches[i]); err != nil {
					cancel(fmt.Errorf("lifecycle of %s: %w", u.login, err))
				}
			}
		})
	}
	wg.Wait()
	return watches, context.Cause(ctx)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// spent is processor time, user and system.
type spent struct{ server, database time.Duration }

func (w *world) spent() (s spent, err error) {
	if s.server, err = processorTime(w.server.Cmd.Process.Pid); err != nil || w.postgres == nil {
		return s, err
	}
	s.database, err = treeTime(w.postgres.pid)
	return s, err
}

// quantile gives the q-th quantile of a sorted list: the least value that at
// least that share of the list does not exceed.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	i := int(q*float64(len(sorted)) + 0.999999)
	return sorted[min(max(i, 1), len(sorted))-1]
}
