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
	switch kind {
	case order.DeadlineIdleSoon:
		return c.tell(ctx, tx, o, order.NoticeIdleSoon, at)
	case order.DeadlineExpireSoon:
		return c.tell(ctx, tx, o, order.NoticeExpireSoon, at)
	case order.DeadlineSMSReminder:
		return c.tell(ctx, tx, o, order.NoticeSMSSoon, at)
	case order.DeadlineIdle:
		_, err := c.decide(ctx, tx, system, o, order.Idle, nil)
		return err
	case order.DeadlineExpire:
		_, err := c.decide(ctx, tx, system, o, order.Expire, c.giveBack)
		return err
	case order.DeadlineSMS:
		_, err := c.decide(ctx, tx, system, o, order.ExpireSMS, func(_ context.Context, _ *store.Tx, o *icp.Order, _ time.Time) (order.Facts, error) {
			for i := range o.Data.SMS {
				if o.Data.SMS[i].State == icp.SMSWaiting {
					o.Data.SMS[i].State = icp.SMSTimeout
				}
			}
			return order.Facts{}, nil
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
