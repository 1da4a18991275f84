package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// QueueFilter says which orders a queue shows. The zero value shows all.
type QueueFilter struct {
	States []icp.State // none means every state
	// Reviewer is whose orders; nil means anybody's, the empty id nobody's.
	Reviewer *icp.AccountID
	Province string // two-digit code
	Type     icp.OrderType
	// AuthorityChannel is the channel that reports the orders; nil means any,
	// the empty id that of orders which have none yet.
	AuthorityChannel *string
	OldestFirst      bool // by the time in the state; else the newest first
}

// Queue lists orders without materials by the time since when they are in
// their state.
func (tx *Tx) Queue(ctx context.Context, f QueueFilter, cursor Cursor, limit int) ([]*icp.Order, Cursor, error) {
	limit = clamp(limit)
	query, args, err := queueSQL(f, cursor, limit+1)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.orderRows(ctx, query, args)
	if err != nil {
		return nil, "", tx.explain("list queue", err)
	}
	return page(rows, limit, tx.order, func(r *sqlgen.Order) (int64, string) { return r.StateSince, r.ID })
}

// orderColumns are those of sqlgen.Order, in its order.
const orderColumns = `id, account_id, type, type_reason, state, holder, version, channel, nature, province, round, reviewer,
 created_at, updated_at, state_since, submitted_at, wrapped_key, sealed, authority_channel`

// queueSQL builds the query: one limited part for each state, each of which
// walks the index orders_queue, or orders_authority where a channel is asked
// for, and then the first rows of all of them.
func queueSQL(f QueueFilter, cursor Cursor, rows int) (query string, args []any, err error) {
	since, id, err := cursor.descending()
	beyond, way := "<", "DESC"
	if f.OldestFirst {
		since, id, err = cursor.ascending()
		beyond, way = ">", "ASC"
	}
	if err != nil {
		return "", nil, err
	}
	bind := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	where := fmt.Sprintf("(state_since, id) %s (CAST(%s AS bigint), CAST(%s AS text))", beyond, bind(since), bind(id))
	if f.Reviewer != nil {
		where += " AND reviewer = " + bind(string(*f.Reviewer))
	}
	if f.AuthorityChannel != nil {
		where += " AND authority_channel = " + bind(*f.AuthorityChannel)
	}
	if f.Province != "" {
		where += " AND province = " + bind(f.Province)
	}
	if f.Type != "" {
		where += " AND type = " + bind(string(f.Type))
	}
	end := fmt.Sprintf(" ORDER BY state_since %s, id %s LIMIT %s", way, way, bind(rows))
	states := f.States
	if len(states) == 0 {
		states = order.States()
	}
	parts := make([]string, len(states))
	for i, s := range states {
		parts[i] = fmt.Sprintf("SELECT * FROM (SELECT %s FROM orders WHERE state = %s AND %s%s) AS part%d",
			orderColumns, bind(string(s)), where, end, i)
	}
	return strings.Join(parts, " UNION ALL ") + end, args, nil
}

// orderRows runs a query that gives orderColumns.
func (tx *Tx) orderRows(ctx context.Context, query string, args []any) ([]sqlgen.Order, error) {
	rows, err := tx.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var out []sqlgen.Order
	for rows.Next() {
		var o sqlgen.Order
		if err := rows.Scan(&o.ID, &o.AccountID, &o.Type, &o.TypeReason, &o.State, &o.Holder, &o.Version, &o.Channel,
			&o.Nature, &o.Province, &o.Round, &o.Reviewer, &o.CreatedAt, &o.UpdatedAt, &o.StateSince, &o.SubmittedAt,
			&o.WrappedKey, &o.Sealed, &o.AuthorityChannel); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}
