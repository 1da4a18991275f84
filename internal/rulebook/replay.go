package rulebook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// FactsOf finds out what is known of an order beside its answers.
type FactsOf func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (rules.Facts, error)

// Replay says which rules to try on the open orders.
type Replay struct {
	Before, After *rules.Set
	// Facts may be nil: then rules that need facts judge nothing, before and after.
	Facts FactsOf
	// Most is the greatest number of orders to try; 0 for all.
	Most int
	// For bounds the time; 0 for none.
	For time.Duration
	// Each is told of every order that changes.
	Each func(Replayed) error
	// Progress is told the number of orders tried, after each page; may be nil.
	Progress func(orders int)
}

// Replayed is an order that other rules judge otherwise.
type Replayed struct {
	Order icp.OrderID
	Type  icp.OrderType
	State icp.State
	Added []Judged
	Gone  []Judged
}

// Judged is a finding of a rule, or a paper that it asks for.
type Judged struct {
	Rule     string
	Severity icp.Severity
	// Pointer is where a finding is shown; a paper's has the form /materials/kind.
	Pointer string
	// Code and Params are the message.
	Code     string
	Params   map[string]string
	Material icp.MaterialKind // of a paper
}

// Tally is what a replay came to.
type Tally struct {
	Orders, Changed int
	// Truncated is true when there were more orders than it was let try.
	Truncated bool
}

// replayed are the states in which applicants still change an order.
var replayed = []icp.State{icp.StateDraft, icp.StateChangesRequested}

// Replay tries two sets of rules on every open draft and returned order and
// tells which are judged otherwise. It reads page by page and changes nothing;
// orders that come or go meanwhile may be missed.
func (b *Book) Replay(ctx context.Context, r Replay) (Tally, error) {
	var t Tally
	began := b.Clock.Now()
	for cursor := store.Cursor(""); ; {
		var page []*icp.Order
		var next store.Cursor
		facts := map[icp.OrderID]rules.Facts{}
		err := b.Store.View(ctx, func(tx *store.Tx) (err error) {
			page, next, err = tx.Queue(ctx, store.QueueFilter{States: replayed, OldestFirst: true}, cursor, store.MaxPage)
			if err == nil && r.Facts != nil {
				err = gather(ctx, tx, r.Facts, page, b.Clock.Now(), facts)
			}
			return err
		})
		if err != nil {
			return t, fmt.Errorf("read open orders: %w", err)
		}
		for _, o := range page {
			if r.Most > 0 && t.Orders == r.Most || r.For > 0 && b.Clock.Now().Sub(began) >= r.For {
				t.Truncated = true
				return t, nil
			}
			t.Orders++
			if c, changed := compare(r.Before, r.After, rules.Case{Order: o, Facts: facts[o.ID]}, b.Clock.Now()); changed {
				t.Changed++
				if err := r.Each(c); err != nil {
					return t, err
				}
			}
		}
		if r.Progress != nil {
			r.Progress(t.Orders)
		}
		if next == "" {
			return t, nil
		}
		cursor = next
	}
}

func gather(ctx context.Context, tx *store.Tx, of FactsOf, page []*icp.Order, at time.Time, into map[icp.OrderID]rules.Facts) error {
	for _, o := range page {
		f, err := of(ctx, tx, o, at)
		if err != nil {
			return errors.Join(fmt.Errorf("facts of order %s", o.ID), err)
		}
		into[o.ID] = f
	}
	return nil
}

// compare judges one case by both sets.
func compare(before, after *rules.Set, c rules.Case, at time.Time) (Replayed, bool) {
	old, now := judgements(before, c, at), judgements(after, c, at)
	out := Replayed{Order: c.Order.ID, Type: c.Order.Type, State: c.Order.State, Added: without(now, old), Gone: without(old, now)}
	return out, len(out.Added)+len(out.Gone) > 0
}

func judgements(s *rules.Set, c rules.Case, at time.Time) []Judged {
	result := s.Evaluate(c, at)
	var out []Judged
	for _, f := range result.Findings {
		out = append(out, Judged{Rule: f.Rule, Severity: f.Severity, Pointer: f.Pointer, Code: f.Code, Params: f.Params})
	}
	for _, a := range result.Materials {
		j := Judged{Rule: a.Rule, Severity: icp.SeverityWarning, Pointer: "/materials/" + string(a.Kind), Code: a.Message, Params: a.Params, Material: a.Kind}
		if a.Required {
			j.Severity = icp.SeverityError
		}
		if a.Website != "" {
			j.Pointer += "/" + string(a.Website)
		}
		out = append(out, j)
	}
	return out
}

// without gives what only one of two judgements says.
func without(list, other []Judged) []Judged {
	type key struct {
		rule, pointer string
		severity      icp.Severity
	}
	has := map[key]bool{}
	for _, j := range other {
		has[key{j.Rule, j.Pointer, j.Severity}] = true
	}
	var out []Judged
	for _, j := range list {
		if !has[key{j.Rule, j.Pointer, j.Severity}] {
			out = append(out, j)
		}
	}
	return out
}
