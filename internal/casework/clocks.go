package casework

import (
	"context"
	"errors"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// system is who acts when a clock runs out or the authority answers.
var system = icp.Actor{Party: icp.System}

// RunClocks acts on the deadlines that are due, at most limit of them, each in
// a transaction of its own, and tells how many it took. The row of a deadline
// goes in the same transaction as what it causes, so each acts once, however
// often and on however many nodes this runs.
func (c *Cases) RunClocks(ctx context.Context, limit int) (int, error) {
	var due []store.DueDeadline
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.DueDeadlines(ctx, c.Clock.Now(), limit)
		return err
	})
	if err != nil {
		return 0, err
	}
	done := 0
	var failed error
	for _, d := range due {
		if err := c.runClock(ctx, d.Order, d.Kind); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		done++
	}
	return done, failed
}

// runClock acts on one deadline, unless it has been moved or met meanwhile.
func (c *Cases) runClock(ctx context.Context, id icp.OrderID, kind string) error {
	return c.Store.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Order(ctx, id)
		if err != nil {
			return err
		}
		at := c.Clock.Now()
		standing, running := c.standsDue(o, kind, at)
		if running && !standing {
			return nil // moved; the row says when
		}
		if err := tx.RemoveDeadline(ctx, id, kind); err != nil {
			return err
		}
		if !running {
			return nil
		}
		return c.ring(ctx, tx, o, kind, at)
	})
}

// standsDue tells whether a clock runs on the order and whether it is due.
func (c *Cases) standsDue(o *icp.Order, kind string, at time.Time) (due, running bool) {
	// Reminders are left out of the set once they are due, so the set is
	// taken as it stood when the order was last touched.
	for _, d := range c.Terms.Deadlines(o, later(o.UpdatedAt, o.StateSince)) {
		if d.Kind == kind {
			return !d.DueAt.After(at), true
		}
	}
	return false, false
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ring does what a deadline causes. Lateness of the provider or the authority
// is only shown; the queue derives it.
func (c *Cases) ring(ctx context.Context, tx *store.Tx, o *icp.Order, kind string, at time.Time) error {
	if index, ok := order.SMSReminderOf(kind); ok {
		return c.ringSMS(ctx, tx, o, index, at)
	}
	switch kind {
	case order.DeadlineIdleSoon:
		return c.tell(ctx, tx, o, order.NoticeIdleSoon, at)
	case order.DeadlineExpireSoon:
		return c.tell(ctx, tx, o, order.NoticeExpireSoon, at)
	case order.DeadlineIdle:
		_, err := c.decide(ctx, tx, system, o, order.Idle, nil)
		return err
	case order.DeadlineExpire:
		_, err := c.decide(ctx, tx, system, o, order.Expire, c.giveBack)
		return err
	case order.DeadlineSMS:
		_, err := c.decide(ctx, tx, system, o, order.ExpireSMS, func(_ context.Context, _ *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
			return failSMS(o, icp.SMSWord{}, at), nil
		})
		return err
	case order.DeadlineCall:
		_, err := c.decide(ctx, tx, system, o, order.ReturnUnreached, c.unreachedFacts)
		if errors.Is(err, icp.ErrNotNow) {
			return nil // only one attempt so far: the queue shows that a call is due
		}
		return err
	}
	return nil
}

// ringSMS sends a reminder, unless a later one is due as well or the check is
// over: then this process was away, and one message is enough.
func (c *Cases) ringSMS(ctx context.Context, tx *store.Tx, o *icp.Order, index int, at time.Time) error {
	if !at.Before(o.StateSince.Add(c.Terms.SMS)) {
		return nil
	}
	for _, r := range c.Terms.Reminders(o.StateSince) {
		if r.Index > index && !r.At.After(at) {
			return nil
		}
	}
	return c.remindSMS(ctx, tx, o, index, at)
}
