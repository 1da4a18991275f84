package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// InsertOrder writes a new order from the decision that made it, under a new
// data key, with its look-ups, deadlines and audit event. Its materials are
// rows of their own and are not written.
func (tx *Tx) InsertOrder(ctx context.Context, d order.Decision) error {
	o := d.Order()
	key, wrapped, err := tx.store.box.NewKey()
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "orders.sealed", string(o.ID), &o.Data)
	if err != nil {
		return err
	}
	err = tx.q.InsertOrder(ctx, sqlgen.InsertOrderParams{ID: string(o.ID), AccountID: string(o.Account), Type: string(o.Type),
		TypeReason: o.TypeReason, State: string(o.State), Holder: string(d.Holder()), Version: o.Version,
		Channel: string(o.Channel), Nature: int64(o.Data.Subject.Nature), Province: province(o), Round: int64(o.Round),
		Reviewer: string(o.Reviewer), CreatedAt: micros(o.CreatedAt), UpdatedAt: micros(o.UpdatedAt),
		StateSince: micros(o.StateSince), SubmittedAt: micros(o.SubmittedAt), WrappedKey: wrapped, Sealed: sealed})
	if err != nil {
		return tx.explain("insert order", err)
	}
	tx.remember(string(o.ID), key)
	return tx.follow(ctx, d)
}

// SaveDecision writes what a decision made of an order, with its look-ups,
// deadlines and audit event. icp.Conflict with "stale_version" when the order
// is no longer at the version that the decision rests on. Account, channel and
// creation time of an order never change.
func (tx *Tx) SaveDecision(ctx context.Context, d order.Decision) error {
	o := d.Order()
	key, err := tx.OrderKey(ctx, o.ID)
	if err != nil {
		return err
	}
	sealed, err := sealJSON(key, "orders.sealed", string(o.ID), &o.Data)
	if err != nil {
		return err
	}
	n, err := tx.q.UpdateOrder(ctx, sqlgen.UpdateOrderParams{Type: string(o.Type), TypeReason: o.TypeReason,
		State: string(o.State), Holder: string(d.Holder()), Version: o.Version, Nature: int64(o.Data.Subject.Nature),
		Province: province(o), Round: int64(o.Round), Reviewer: string(o.Reviewer), UpdatedAt: micros(o.UpdatedAt),
		StateSince: micros(o.StateSince), SubmittedAt: micros(o.SubmittedAt), Sealed: sealed,
		ID: string(o.ID), FromVersion: d.FromVersion()})
	if err := tx.changed("save order", n, err); err != nil {
		return err
	}
	return tx.follow(ctx, d)
}

// follow writes the rows that go with an order.
func (tx *Tx) follow(ctx context.Context, d order.Decision) error {
	o := d.Order()
	if err := tx.saveLookups(ctx, o); err != nil {
		return err
	}
	if err := tx.saveDeadlines(ctx, o.ID, d.Deadlines()); err != nil {
		return err
	}
	actor, role := actorOf(d.Actor())
	tx.AppendEvent(audit.Event{At: d.At(), Actor: actor, ActorRole: role, Action: d.Event(), ObjectKind: "order",
		Object: string(o.ID), Version: o.Version, Detail: d.Detail()})
	return nil
}

// province is the two-digit code of the place of filing, "" when unknown.
func province(o *icp.Order) string {
	if len(o.Data.Subject.Region) < 2 {
		return ""
	}
	return o.Data.Subject.Region[:2]
}

// Order reads an order with its materials; icp.NotFound when there is none.
func (tx *Tx) Order(ctx context.Context, id icp.OrderID) (*icp.Order, error) {
	row, err := tx.q.Order(ctx, string(id))
	if err != nil {
		return nil, tx.explain("read order", err)
	}
	o, err := tx.order(&row)
	if err != nil {
		return nil, err
	}
	o.Materials, err = tx.Materials(ctx, id)
	return o, err
}

// OrderKey gives the data key of an order, under which its blobs are sealed;
// icp.NotFound when there is no such order.
func (tx *Tx) OrderKey(ctx context.Context, id icp.OrderID) (*seal.Key, error) {
	if key := tx.keys[string(id)]; key != nil {
		return key, nil
	}
	wrapped, err := tx.q.OrderKey(ctx, string(id))
	if err != nil {
		return nil, tx.explain("read key of order", err)
	}
	return tx.unwrap(string(id), wrapped)
}

// OrdersOf lists an account's orders without materials, the newest first.
func (tx *Tx) OrdersOf(ctx context.Context, account icp.AccountID, cursor Cursor, limit int) ([]*icp.Order, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.OrdersOf(ctx, sqlgen.OrdersOfParams{AccountID: string(account), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("list orders", err)
	}
	return page(rows, p.limit, tx.order, byCreation)
}

func byCreation(r *sqlgen.Order) (int64, string) { return r.CreatedAt, r.ID }

// CountByState counts the orders in each state; states without orders are
// left out.
func (tx *Tx) CountByState(ctx context.Context) (map[icp.State]int, error) {
	rows, err := tx.q.CountByState(ctx)
	if err != nil {
		return nil, tx.explain("count orders", err)
	}
	out := make(map[icp.State]int, len(rows))
	for _, r := range rows {
		out[icp.State(r.State)] = int(r.Orders)
	}
	return out, nil
}

// OpenOrderOf gives the newest order of an account that has not ended; found
// is false when there is none.
func (tx *Tx) OpenOrderOf(ctx context.Context, account icp.AccountID) (id icp.OrderID, found bool, err error) {
	return tx.found(tx.q.OpenOrderOf(ctx, string(account)))
}

// OpenOrderWithDomain gives the oldest order, except one, that has not ended
// and has a website with the domain (registrable, ASCII). Under PostgreSQL two
// transactions at once do not see each other's orders.
func (tx *Tx) OpenOrderWithDomain(ctx context.Context, domain string, except icp.OrderID) (id icp.OrderID, found bool, err error) {
	return tx.found(tx.q.OpenOrderWith(ctx, tx.store.index(lookupDomain, domain), lookupDomain, string(except)))
}

func (tx *Tx) found(id string, err error) (icp.OrderID, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, tx.explain("find open order", err)
	}
	return icp.OrderID(id), true, nil
}

// order opens a row.
func (tx *Tx) order(row *sqlgen.Order) (*icp.Order, error) {
	key, err := tx.unwrap(row.ID, row.WrappedKey)
	if err != nil {
		return nil, err
	}
	o := &icp.Order{ID: icp.OrderID(row.ID), Account: icp.AccountID(row.AccountID), Type: icp.OrderType(row.Type),
		TypeReason: row.TypeReason, State: icp.State(row.State), Version: row.Version, Channel: icp.Channel(row.Channel),
		Round: int(row.Round), CreatedAt: instant(row.CreatedAt), UpdatedAt: instant(row.UpdatedAt),
		StateSince: instant(row.StateSince), SubmittedAt: instant(row.SubmittedAt), Reviewer: icp.AccountID(row.Reviewer)}
	return o, openJSON(key, "orders.sealed", row.ID, row.Sealed, &o.Data)
}
