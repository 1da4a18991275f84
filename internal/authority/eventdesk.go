package authority

import (
	"context"
	"strings"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// EventDetail is an event as the desk sees it.
type EventDetail struct {
	store.AuthorityEvent
	// Rows are before and after side by side.
	Rows []EventRow
	// Unknown are the paths of elements without a type; their text is shown
	// when personal data are revealed.
	Unknown  []UntypedElement
	FileName string // of the download
	Answers  []store.AuthorityAnswer
	// Form is what an answer asks for; nil when none can be given.
	Form *AnswerForm
}

// UntypedElement is an element without a type.
type UntypedElement struct{ Path, Text string }

// Events lists events without their content.
func (g *Gateway) Events(ctx context.Context, f store.EventFilter, cursor store.Cursor, limit int) (out []store.AuthorityEvent, next store.Cursor, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, next, err = tx.AuthorityEvents(ctx, f, cursor, limit)
		return err
	})
	return out, next, err
}

// EventCounts counts the open events by kind, and those that are overdue.
func (g *Gateway) EventCounts(ctx context.Context) (byKind map[string]int, overdue int, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		byKind, overdue, err = tx.CountAuthorityEvents(ctx, g.Clock.Now())
		return err
	})
	return byKind, overdue, err
}

// Event reads an event with personal data masked; icp.NotFound when there is none.
func (g *Gateway) Event(ctx context.Context, id string) (out EventDetail, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, err = g.eventDetail(ctx, tx, id, false)
		return err
	})
	return out, err
}

// EventChannel tells the channel of an event; icp.NotFound when there is none.
func (g *Gateway) EventChannel(ctx context.Context, id string) (channel string, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) error {
		e, err := tx.AuthorityEvent(ctx, id)
		channel = e.Channel
		return err
	})
	return channel, err
}

// RevealEvent is Event with personal data, for a reason that is kept in the
// audit trail.
func (g *Gateway) RevealEvent(ctx context.Context, by icp.Actor, id, reason string) (out EventDetail, err error) {
	err = g.decide(ctx, reason, func(tx *store.Tx) (err error) {
		if out, err = g.eventDetail(ctx, tx, id, true); err != nil {
			return err
		}
		g.audit(tx, by, "authority_event.revealed", "authority_event", id, map[string]any{"reason": reason, "kind": out.Kind})
		return nil
	})
	return out, err
}

func (g *Gateway) eventDetail(ctx context.Context, tx *store.Tx, id string, plain bool) (out EventDetail, err error) {
	if out.AuthorityEvent, err = tx.AuthorityEvent(ctx, id); err != nil {
		return out, err
	}
	out.Rows = eventRows(out.Content.Before, out.Content.After, plain)
	for path, text := range out.Content.Unknown {
		if !plain {
			text = ""
		}
		out.Unknown = append(out.Unknown, UntypedElement{Path: path, Text: text})
	}
	sortUnknown(out.Unknown)
	d, err := tx.Download(ctx, out.Download)
	if err != nil {
		return out, err
	}
	out.FileName = d.FileName
	if out.Answers, err = tx.AnswersOf(ctx, id); err != nil {
		return out, err
	}
	if out.answerable() && out.Channel == g.Channel.ID {
		out.Form = g.answerForm(&out.AuthorityEvent)
	}
	return out, nil
}

// answerable reports whether an answer may be composed now: the event is open,
// its kind has an answer, and none is on its way.
func (e *EventDetail) answerable() bool {
	if e.State != store.EventOpen || answerOf(EventKind(e.Kind)) == "" {
		return false
	}
	for i := range e.Answers {
		if s := e.Answers[i].State; s == store.AnswerWaiting || s == store.AnswerSent {
			return false
		}
	}
	return true
}

// CloseEvent ends an event that a person has dealt with. icp.NotNow when it is
// closed already; icp.Conflict when it was changed since it was seen.
func (g *Gateway) CloseEvent(ctx context.Context, by icp.Actor, id string, version int64, reason string) error {
	return g.decide(ctx, reason, func(tx *store.Tx) error {
		e, err := tx.AuthorityEvent(ctx, id)
		switch {
		case err != nil:
			return err
		case e.State == store.EventClosed:
			return icp.E(icp.NotNow, "authority.event_closed")
		case version != 0 && e.Version != version:
			return icp.E(icp.Conflict, "stale_version")
		}
		e.State, e.ClosedAt, e.ClosedBy, e.Reason = store.EventClosed, g.Clock.Now(), by.Account, strings.TrimSpace(reason)
		if err := tx.SaveAuthorityEvent(ctx, &e); err != nil {
			return err
		}
		g.audit(tx, by, "authority_event.closed", "authority_event", id, map[string]any{"reason": reason, "kind": e.Kind})
		return nil
	})
}

// ImportOf tells what came of a download and how far one is that is applied in
// parts; icp.NotFound when nothing is known of it.
func (g *Gateway) ImportOf(ctx context.Context, download string) (out store.Import, err error) {
	err = g.Store.View(ctx, func(tx *store.Tx) (err error) {
		if _, err = g.download(ctx, tx, download); err != nil {
			return err
		}
		out, err = tx.Import(ctx, download)
		return err
	})
	return out, err
}
