package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// EventState is where something that the authority started stands.
type EventState string

// The states.
const (
	EventOpen     EventState = "open"     // somebody has to look or to answer
	EventAnswered EventState = "answered" // the authority has our answer
	EventClosed   EventState = "closed"   // by a person with a reason, or noted only
)

// AuthorityEvent is something that the authority started: no answer to an
// order of ours.
type AuthorityEvent struct {
	ID       string
	Channel  string
	Download string
	Kind     string // see package authority
	// Fingerprint is that of what it says: the same thing in another file is
	// the same event.
	Fingerprint []byte
	State       EventState
	Asks        bool      // the authority waits for an answer
	DueAt       time.Time // zero for no date
	SubjectRef  int64     // Ztid, 0 when not told
	WebsiteRef  int64     // Wzid
	LicenceNo   string
	Domain      string
	Account     icp.AccountID // whose filing or server it is about
	Order       icp.OrderID
	Server      icp.ServerID
	// Changed names the fields that differ between before and after.
	Changed []string
	// Content has before, after and more, sealed at rest.
	Content   EventContent
	CreatedAt time.Time
	ClosedAt  time.Time
	ClosedBy  icp.AccountID
	Reason    string
	Version   int64
}

// EventContent is what an event is about, as documents of the interface in JSON.
type EventContent struct {
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	// Unknown are elements without a type: their path and text.
	Unknown map[string]string `json:"unknown,omitempty"`
}

// InsertAuthorityEvent adds an event and sets its Version to 1.
func (tx *Tx) InsertAuthorityEvent(ctx context.Context, e *AuthorityEvent) error {
	sealed, err := sealJSON(tx.store.box, "authority_events.sealed", e.ID, &e.Content)
	if err != nil {
		return err
	}
	e.Version = 1
	return tx.explain("insert event", tx.q.InsertAuthorityEvent(ctx, sqlgen.InsertAuthorityEventParams{ID: e.ID, ChannelID: e.Channel, DownloadID: e.Download,
		Kind: e.Kind, Fingerprint: e.Fingerprint, State: string(e.State), Asks: e.Asks, DueAt: micros(e.DueAt), SubjectRef: e.SubjectRef,
		WebsiteRef: e.WebsiteRef, LicenceNo: e.LicenceNo, Domain: e.Domain, AccountID: string(e.Account), OrderID: string(e.Order),
		ServerID: string(e.Server), Changed: strings.Join(e.Changed, " "), Sealed: sealed, CreatedAt: micros(e.CreatedAt),
		ClosedAt: micros(e.ClosedAt), ClosedBy: string(e.ClosedBy), Reason: e.Reason}))
}

// AuthorityEvent reads an event; icp.NotFound when there is none.
func (tx *Tx) AuthorityEvent(ctx context.Context, id string) (AuthorityEvent, error) {
	row, err := tx.q.AuthorityEvent(ctx, id)
	if err != nil {
		return AuthorityEvent{}, tx.explain("read event", err)
	}
	e := eventRow(&row)
	err = openJSON(tx.store.box, "authority_events.sealed", e.ID, row.Sealed, &e.Content)
	return e, err
}

// SameAuthorityEvent finds the newest event of a fingerprint, without its
// content; icp.NotFound when there is none.
func (tx *Tx) SameAuthorityEvent(ctx context.Context, channel string, fingerprint []byte) (AuthorityEvent, error) {
	row, err := tx.q.SameAuthorityEvent(ctx, channel, fingerprint)
	return eventRow(&row), tx.explain("find event", err)
}

// SaveAuthorityEvent writes State, ClosedAt, ClosedBy and Reason and raises
// Version; icp.Conflict with "stale_version" when it was changed since.
func (tx *Tx) SaveAuthorityEvent(ctx context.Context, e *AuthorityEvent) error {
	n, err := tx.q.UpdateAuthorityEvent(ctx, sqlgen.UpdateAuthorityEventParams{State: string(e.State), ClosedAt: micros(e.ClosedAt),
		ClosedBy: string(e.ClosedBy), Reason: e.Reason, ID: e.ID, Version: e.Version})
	if err := tx.changed("save event", n, err); err != nil {
		return err
	}
	e.Version++
	return nil
}

// EventFilter says which events a list shows. The zero value shows all.
type EventFilter struct {
	States  []EventState // none means every state
	Kind    string
	Channel string
	Account icp.AccountID
	// ByDue lists those with a date only, the nearest first; else all, the
	// newest first.
	ByDue bool
}

// AuthorityEvents lists events without their content.
func (tx *Tx) AuthorityEvents(ctx context.Context, f EventFilter, cursor Cursor, limit int) ([]AuthorityEvent, Cursor, error) {
	limit = clamp(limit)
	query, args, err := eventSQL(f, cursor, limit+1)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.eventRows(ctx, query, args)
	if err != nil {
		return nil, "", tx.explain("list events", err)
	}
	by := func(r *sqlgen.AuthorityEvent) (int64, string) { return r.CreatedAt, r.ID }
	if f.ByDue {
		by = func(r *sqlgen.AuthorityEvent) (int64, string) { return r.DueAt, r.ID }
	}
	return page(rows, limit, func(r *sqlgen.AuthorityEvent) (AuthorityEvent, error) { return eventRow(r), nil }, by)
}

// eventColumns are those of sqlgen.AuthorityEvent but for the content, in its order.
const eventColumns = `id, channel_id, download_id, kind, state, asks, due_at, subject_ref, website_ref, licence_no, domain, account_id, order_id,
 server_id, changed, created_at, closed_at, closed_by, reason, version`

// eventSQL builds the query: one limited part for each state, each of which
// walks one of the indexes, and then the first rows of all of them.
func eventSQL(f EventFilter, cursor Cursor, rows int) (query string, args []any, err error) {
	at, id, err := cursor.descending()
	column, beyond, way := "created_at", "<", "DESC"
	if f.ByDue {
		at, id, err = cursor.ascending()
		column, beyond, way = "due_at", ">", "ASC"
	}
	if err != nil {
		return "", nil, err
	}
	bind := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	where := fmt.Sprintf("(%s, id) %s (CAST(%s AS bigint), CAST(%s AS text))", column, beyond, bind(at), bind(id))
	for _, one := range [][2]string{{"kind", f.Kind}, {"channel_id", f.Channel}, {"account_id", string(f.Account)}} {
		if one[1] != "" {
			where += " AND " + one[0] + " = " + bind(one[1])
		}
	}
	if f.ByDue {
		where += " AND due_at > 0"
	}
	end := fmt.Sprintf(" ORDER BY %s %s, id %s LIMIT %s", column, way, way, bind(rows))
	states := f.States
	if len(states) == 0 {
		states = []EventState{EventOpen, EventAnswered, EventClosed}
	}
	parts := make([]string, len(states))
	for i, s := range states {
		parts[i] = fmt.Sprintf("SELECT * FROM (SELECT %s FROM authority_events WHERE state = %s AND %s%s) AS part%d", eventColumns, bind(string(s)), where, end, i)
	}
	return strings.Join(parts, " UNION ALL ") + end, args, nil
}

func (tx *Tx) eventRows(ctx context.Context, query string, args []any) ([]sqlgen.AuthorityEvent, error) {
	rows, err := tx.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var out []sqlgen.AuthorityEvent
	for rows.Next() {
		var e sqlgen.AuthorityEvent
		if err := rows.Scan(&e.ID, &e.ChannelID, &e.DownloadID, &e.Kind, &e.State, &e.Asks, &e.DueAt, &e.SubjectRef, &e.WebsiteRef, &e.LicenceNo,
			&e.Domain, &e.AccountID, &e.OrderID, &e.ServerID, &e.Changed, &e.CreatedAt, &e.ClosedAt, &e.ClosedBy, &e.Reason, &e.Version); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// CountAuthorityEvents counts the open events by kind, and those that are overdue.
func (tx *Tx) CountAuthorityEvents(ctx context.Context, now time.Time) (byKind map[string]int, overdue int, err error) {
	rows, err := tx.q.CountAuthorityEvents(ctx)
	if err != nil {
		return nil, 0, tx.explain("count events", err)
	}
	byKind = make(map[string]int, len(rows))
	for _, r := range rows {
		byKind[r.Kind] = int(r.Events)
	}
	late, err := tx.q.CountOverdueAuthorityEvents(ctx, micros(now))
	return byKind, int(late), tx.explain("count overdue events", err)
}

func eventRow(r *sqlgen.AuthorityEvent) AuthorityEvent {
	return AuthorityEvent{ID: r.ID, Channel: r.ChannelID, Download: r.DownloadID, Kind: r.Kind, Fingerprint: r.Fingerprint, State: EventState(r.State),
		Asks: r.Asks, DueAt: instant(r.DueAt), SubjectRef: r.SubjectRef, WebsiteRef: r.WebsiteRef, LicenceNo: r.LicenceNo, Domain: r.Domain,
		Account: icp.AccountID(r.AccountID), Order: icp.OrderID(r.OrderID), Server: icp.ServerID(r.ServerID), Changed: strings.Fields(r.Changed),
		CreatedAt: instant(r.CreatedAt), ClosedAt: instant(r.ClosedAt), ClosedBy: icp.AccountID(r.ClosedBy), Reason: r.Reason, Version: r.Version}
}
