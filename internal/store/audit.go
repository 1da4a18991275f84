package store

import (
	"context"
	"encoding/json"
	"iter"
	"math"
	"strings"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// AppendEvent notes an act that is not an order's decision (those note
// themselves). It is written with the commit, as the transaction's last rows,
// so that the chain's head is locked as shortly as can be; Seq is set then. It
// names people by id and holds no personal data.
func (tx *Tx) AppendEvent(e audit.Event) { tx.events = append(tx.events, e) }

// actorOf gives the audit event's names of an actor: the account, or the party
// when no account acted; and its roles, or its party when it has none.
func actorOf(a icp.Actor) (actor, role string) {
	actor, role = string(a.Account), strings.Join(a.Roles, " ")
	if actor == "" {
		actor = string(a.Party)
	}
	if role == "" {
		role = string(a.Party)
	}
	return actor, role
}

// writeEvents chains the transaction's events. Taking the numbers locks the
// head, so that chains of several nodes follow one another; it is the last
// lock that a transaction takes.
func (tx *Tx) writeEvents(ctx context.Context) error {
	if len(tx.events) == 0 {
		return nil
	}
	n := int64(len(tx.events))
	head, err := tx.q.TakeAuditNumbers(ctx, n)
	if err != nil {
		return tx.explain("take audit numbers", err)
	}
	sum := head.Hash
	if len(sum) == 0 {
		sum = audit.Genesis()
	}
	for i, e := range tx.events {
		e.Seq = head.Seq - n + 1 + int64(i)
		sum = audit.Chain(sum, e)
		err := tx.q.InsertAuditEvent(ctx, sqlgen.InsertAuditEventParams{Seq: e.Seq, At: micros(e.At), Actor: e.Actor,
			Role: e.ActorRole, Action: e.Action, ObjectKind: e.ObjectKind, Object: e.Object, Version: e.Version,
			Detail: string(e.Detail), Hash: sum})
		if err != nil {
			return tx.explain("insert audit event", err)
		}
	}
	return tx.explain("set audit head", tx.q.SetAuditHead(ctx, sum))
}

// EventsOf lists what was done to an object, the newest first; an empty kind
// means everything. Events of this very transaction are not among them.
func (tx *Tx) EventsOf(ctx context.Context, objectKind, object string, cursor Cursor, limit int) ([]audit.Event, Cursor, error) {
	limit = clamp(limit)
	before := int64(math.MaxInt64)
	if cursor != "" {
		var err error
		if before, _, err = cursor.parse(); err != nil {
			return nil, "", err
		}
	}
	var rows []sqlgen.AuditEvent
	var err error
	if objectKind == "" {
		rows, err = tx.q.AuditEventsPage(ctx, before, int32(limit)+1) //nolint:gosec // at most MaxPage
	} else {
		rows, err = tx.q.AuditEventsOf(ctx, sqlgen.AuditEventsOfParams{ObjectKind: objectKind, Object: object,
			Before: before, MaxRows: int32(limit) + 1}) //nolint:gosec // at most MaxPage
	}
	if err != nil {
		return nil, "", tx.explain("list audit events", err)
	}
	event := func(r *sqlgen.AuditEvent) (audit.Event, error) { return auditRow(r).Event, nil }
	return page(rows, limit, event, func(r *sqlgen.AuditEvent) (int64, string) { return r.Seq, "" })
}

// auditPage is how many rows AllEvents reads at once.
const auditPage = 500

// AllEvents gives the chain's rows after a number, in order, for audit.Verify.
// It reads in pages, so that no transaction lasts as long as the check.
func (s *Store) AllEvents(ctx context.Context, after int64) iter.Seq2[audit.Row, error] {
	return func(yield func(audit.Row, error) bool) {
		for {
			rows, err := s.read.q.Load().AuditEventsAfter(ctx, after, auditPage)
			if err != nil {
				yield(audit.Row{}, s.explain("read audit events", err))
				return
			}
			for i := range rows {
				if !yield(auditRow(&rows[i]), nil) {
					return
				}
				after = rows[i].Seq
			}
			if len(rows) < auditPage {
				return
			}
		}
	}
}

// AuditHead gives the end of the chain as the database has it.
func (tx *Tx) AuditHead(ctx context.Context) (audit.Head, error) {
	row, err := tx.q.AuditHead(ctx)
	if err != nil {
		return audit.Head{}, tx.explain("read audit head", err)
	}
	if len(row.Hash) == 0 {
		return audit.Start(), nil
	}
	return audit.Head{Seq: row.Seq, Hash: row.Hash, Rows: row.Seq}, nil
}

func auditRow(r *sqlgen.AuditEvent) audit.Row {
	e := audit.Event{Seq: r.Seq, At: instant(r.At), Actor: r.Actor, ActorRole: r.Role, Action: r.Action,
		ObjectKind: r.ObjectKind, Object: r.Object, Version: r.Version}
	if r.Detail != "" {
		e.Detail = json.RawMessage(r.Detail)
	}
	return audit.Row{Event: e, Hash: r.Hash}
}
