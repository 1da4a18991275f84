// Package casework has every command that changes a case, one file each, and
// is the only caller of order.Decide. A command is one transaction: load, let
// the table decide, save the decision with its audit event, write the rows for
// the world (notices, jobs), commit. Nothing outside is called inside a
// transaction, and nothing is told before the commit.
//
// Start at [Cases]; what it needs of other packages stands in ports.go.
package casework

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/blob"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/imaging"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
)

// Cases is the service. All fields must be set; it is safe for concurrent use.
type Cases struct {
	Store    *store.Store
	Blobs    blob.Store
	Clock    clock.Clock
	Tables   *refdata.Tables
	Terms    order.Terms
	Limits   form.Limits
	Pictures imaging.Limits
	Rules    Rules
	// Editions has the rules as they were; nil where nobody asks.
	Editions  Editions
	Notices   Notices
	Resources Resources
	Domains   Domains
	Authority Authority
	Register  Register
	Names     NameRule
	// NoCall lets reviewers approve without having reached anybody by phone.
	NoCall bool
}

// load reads an order and checks that the actor may see it: applicants their
// own, staff any. Somebody else's order is not found rather than forbidden, so
// that ids cannot be probed.
func (c *Cases) load(ctx context.Context, tx *store.Tx, actor icp.Actor, id icp.OrderID) (*icp.Order, error) {
	o, err := tx.Order(ctx, id)
	if err != nil {
		return nil, err
	}
	if actor.Party == icp.Applicant && o.Account != actor.Account {
		return nil, icp.ErrNotFound
	}
	return o, nil
}

// change is the frame of every command: load, prepare, decide, save, tell.
// version is what the caller saw; 0 leaves that to the transaction. prepare
// may set answers in the order and returns the guard's facts.
func (c *Cases) change(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, action order.Action,
	prepare func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error)) (*icp.Order, error) {
	var saved *icp.Order
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		o, err := c.load(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if version != 0 && o.Version != version {
			return icp.E(icp.Conflict, "stale_version")
		}
		saved, err = c.decide(ctx, tx, actor, o, action, prepare)
		return err
	})
	return saved, err
}

// decide takes one action on a loaded order inside a transaction.
func (c *Cases) decide(ctx context.Context, tx *store.Tx, actor icp.Actor, o *icp.Order, action order.Action,
	prepare func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error)) (*icp.Order, error) {
	at := c.Clock.Now()
	var facts order.Facts
	if prepare != nil {
		var err error
		if facts, err = prepare(ctx, tx, o, at); err != nil {
			return nil, err
		}
	}
	d, err := order.Decide(*o, action, actor, facts, c.Terms, at)
	if err != nil {
		return nil, err
	}
	if err := tx.SaveDecision(ctx, d); err != nil {
		return nil, err
	}
	if err := c.tell(ctx, tx, d.Order(), d.Notice(), at); err != nil {
		return nil, err
	}
	return d.Order(), nil
}

// tell writes the notice rows of an act; they are sent after the commit.
func (c *Cases) tell(ctx context.Context, tx *store.Tx, o *icp.Order, kind string, at time.Time) error {
	if kind == "" {
		return nil
	}
	n := NoticeFor(o, kind)
	if kind == order.NoticeSMSTimedOut {
		n = smsNotice(o, kind, failedSMS(o))
	}
	return c.Notices.Notify(ctx, tx, n, at)
}

// Deadlines gives the clocks that run on an order now.
func (c *Cases) Deadlines(o *icp.Order) []icp.Deadline { return c.Terms.Deadlines(o, c.Clock.Now()) }
