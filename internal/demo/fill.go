package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/store"
)

// Platform is what the sample orders are made with: the parts that people use.
type Platform struct {
	Store     *store.Store
	Clock     clock.Clock
	Cases     *casework.Cases
	Checks    *saved.Checks
	Inventory *inventory.Inventory
	// Authority is the simulator that the gateway talks to.
	Authority *sim.Server
	// SignUp makes a sample's account, unless an earlier start did.
	SignUp func(ctx context.Context, s Sample) error
	// SignIn gives the actor of a login; icp.NotFound for none.
	SignIn func(ctx context.Context, login string) (icp.Actor, error)
	// Patience bounds the wait for the gateway in one step.
	Patience time.Duration
}

// progressKey is where the steps that were done are kept among the settings.
const progressKey = "demo.sample_orders"

// progress tells how many steps of each sample's story were done, by login.
type progress map[string]int

// errand is the work on one sample's order.
type errand struct {
	*Platform
	sample Sample
	actor  icp.Actor // the applicant
	steps  []step
	done   int
}

// Fill adds the sample orders, each as far as its story goes. What an earlier
// call did is not done again, and an order that somebody has taken elsewhere
// meanwhile is left as it is. The error names every story that stopped early.
//
// A crash between a step and the note of it repeats the step; every step does
// nothing where its work is there already.
func (p *Platform) Fill(ctx context.Context) error {
	done, err := p.progress(ctx)
	if err != nil {
		return err
	}
	var errands []*errand
	longest := 0
	for _, s := range Samples() {
		steps := stories[s.Story]
		errands = append(errands, &errand{Platform: p, sample: s, steps: steps, done: done[s.Login]})
		longest = max(longest, len(steps))
	}
	var failed error
	// Step by step across all stories, so that orders go to the authority
	// together and every desk has something soon.
	for n := range longest {
		for _, e := range errands {
			if e.done != n || n >= len(e.steps) {
				continue
			}
			if err := e.next(ctx); err != nil {
				failed = errors.Join(failed, err)
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return failed
}

// next does the step that is due and notes it. A refusal ends the story: the
// order is not where the step expects it, because somebody works on it.
func (e *errand) next(ctx context.Context) error {
	s := e.steps[e.done]
	err := s.do(ctx, e)
	done := e.done + 1
	switch {
	case refused(err):
		done = len(e.steps)
	case err != nil:
		return fmt.Errorf("sample order of %s, %s: %w", e.sample.Login, s.name, err)
	}
	if err := e.note(ctx, done); err != nil {
		return fmt.Errorf("note progress of %s: %w", e.sample.Login, err)
	}
	if err != nil {
		return fmt.Errorf("sample order of %s is left as it is, for it could not %s: %w", e.sample.Login, s.name, err)
	}
	e.done = done
	return nil
}

// refused tells a rule's no, which the next start would hear again, from a
// trouble that may pass.
func refused(err error) bool {
	if err == nil {
		return false
	}
	switch icp.KindOf(err) {
	case icp.Invalid, icp.NotFound, icp.NotAllowed, icp.NotNow:
		return true
	default: // conflicts, limits, outages and surprises
		return false
	}
}

func (p *Platform) progress(ctx context.Context) (progress, error) {
	done := progress{}
	err := p.Store.View(ctx, func(tx *store.Tx) error {
		_, _, err := tx.Setting(ctx, progressKey, &done)
		return err
	})
	return done, err
}

func (e *errand) note(ctx context.Context, n int) error {
	return e.Store.Update(ctx, func(tx *store.Tx) error {
		done := progress{}
		_, version, err := tx.Setting(ctx, progressKey, &done)
		if err != nil {
			return err
		}
		done[e.sample.Login] = n
		return tx.SaveSetting(ctx, progressKey, done, "", version, e.Clock.Now())
	})
}

// order reads the sample's order as its applicant; nil while there is none.
func (e *errand) order(ctx context.Context) (*icp.Order, error) {
	if e.actor.Account == "" {
		var err error
		if e.actor, err = e.SignIn(ctx, e.sample.Login); err != nil {
			return nil, err
		}
	}
	mine, _, err := e.Cases.Mine(ctx, e.actor, "", 1)
	if err != nil || len(mine) == 0 {
		return nil, err
	}
	return e.Cases.Order(ctx, e.actor, mine[0].ID)
}

// must is order where one has to be there.
func (e *errand) must(ctx context.Context) (*icp.Order, error) {
	o, err := e.order(ctx)
	if err == nil && o == nil {
		return nil, icp.ErrNotFound
	}
	return o, err
}

// pace is how often a wait looks again.
const pace = 200 * time.Millisecond

// await looks until the condition holds, for as long as Patience lasts.
func (e *errand) await(ctx context.Context, what string, holds func(context.Context) (bool, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, e.Patience, fmt.Errorf("%s did not happen within %s", what, e.Patience))
	defer cancel()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		if ok, err := holds(ctx); ok || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
