package casework

import (
	"context"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Order reads one case for an actor. That staff looked at a case is itself an
// audit event: it holds personal data.
func (c *Cases) Order(ctx context.Context, actor icp.Actor, id icp.OrderID) (*icp.Order, error) {
	var o *icp.Order
	read := func(tx *store.Tx) (err error) {
		o, err = c.load(ctx, tx, actor, id)
		if err == nil && actor.Party == icp.Provider {
			e := auditEvent(actor, "order.viewed", "order", string(id), map[string]any{}, c.Clock.Now())
			e.Version = o.Version
			tx.AppendEvent(e)
		}
		return err
	}
	run := c.Store.View
	if actor.Party == icp.Provider {
		run = c.Store.Update
	}
	if err := run(ctx, read); err != nil {
		return nil, err
	}
	return o, nil
}

// Mine lists the orders of an applicant, newest first.
func (c *Cases) Mine(ctx context.Context, actor icp.Actor, cursor store.Cursor, limit int) ([]*icp.Order, store.Cursor, error) {
	var out []*icp.Order
	var next store.Cursor
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, next, err = tx.OrdersOf(ctx, actor.Account, cursor, limit)
		return err
	})
	return out, next, err
}

// Queue lists orders for staff by what they wait for.
func (c *Cases) Queue(ctx context.Context, f store.QueueFilter, cursor store.Cursor, limit int) ([]*icp.Order, store.Cursor, error) {
	var out []*icp.Order
	var next store.Cursor
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, next, err = tx.Queue(ctx, f, cursor, limit)
		return err
	})
	return out, next, err
}

// Counts tells how many orders stand in each state.
func (c *Cases) Counts(ctx context.Context) (map[icp.State]int, error) {
	var out map[icp.State]int
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.CountByState(ctx)
		return err
	})
	return out, err
}

// Timeline lists what happened to a case, newest first, from the audit trail.
// That staff looked at it is kept from the applicant.
func (c *Cases) Timeline(ctx context.Context, actor icp.Actor, id icp.OrderID, cursor store.Cursor, limit int) ([]audit.Event, store.Cursor, error) {
	var out []audit.Event
	var next store.Cursor
	err := c.Store.View(ctx, func(tx *store.Tx) error {
		if _, err := c.load(ctx, tx, actor, id); err != nil {
			return err
		}
		events, n, err := tx.EventsOf(ctx, "order", string(id), cursor, limit)
		out, next = events[:0:0], n
		for _, e := range events {
			if actor.Party == icp.Applicant && hidden[e.Action] {
				continue
			}
			out = append(out, e)
		}
		return err
	})
	return out, next, err
}

// hidden are the events that only staff see.
var hidden = map[string]bool{"order.viewed": true, "order.note_added": true, "order.claimed": true, "order.released": true}
