package casework

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// callSpacing is how far apart calls must lie to count as two attempts: the
// guide says "about an hour", so ten minutes less are an hour still.
const callSpacing = 10 * time.Minute

// Claim takes a case into the reviewer's work; nobody else can then decide it.
func (c *Cases) Claim(ctx context.Context, actor icp.Actor, id icp.OrderID) (*icp.Order, error) {
	return c.change(ctx, actor, id, 0, order.Claim, nil)
}

// Release puts a case back into the queue.
func (c *Cases) Release(ctx context.Context, actor icp.Actor, id icp.OrderID) (*icp.Order, error) {
	return c.change(ctx, actor, id, 0, order.Release, nil)
}

// RecordCall notes a call to a principal; whom is the principal's pointer. A
// call that reached nobody is told to the applicant and starts the clock of the
// next. With the key of an earlier call it notes nothing more.
func (c *Cases) RecordCall(ctx context.Context, actor icp.Actor, id icp.OrderID, whom string, outcome icp.CallOutcome, note, key string) (*icp.Order, error) {
	saved, _, err := c.once(ctx, actor, id, key, "call "+string(id)+" "+whom+" "+string(outcome), func(tx *store.Tx, o *icp.Order) (*icp.Order, string, error) {
		saved, err := c.decide(ctx, tx, actor, o, order.RecordCall, func(_ context.Context, _ *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
			if !isPrincipal(o, whom) {
				return order.Facts{}, icp.InvalidField("/whom", "review.call_whom")
			}
			o.Data.Calls = append(o.Data.Calls, icp.Call{At: at, By: actor.Account, Round: o.Round, Whom: whom, Outcome: outcome, Note: strings.TrimSpace(note)})
			return order.Facts{Detail: map[string]any{"outcome": outcome}}, nil
		})
		if err != nil || outcome == icp.CallReached {
			return saved, "", err
		}
		return saved, "", c.tell(ctx, tx, saved, order.NoticeCallMissed, c.Clock.Now())
	})
	return saved, err
}

// isPrincipal reports whether a pointer names a principal of the order.
func isPrincipal(o *icp.Order, pointer string) bool {
	if pointer == "/subject/principal" {
		return true
	}
	for i := range o.Data.Websites {
		if pointer == "/websites/"+strconv.Itoa(i)+"/principal" {
			return true
		}
	}
	return false
}

// AddNote keeps a remark for colleagues. With the key of an earlier call it
// keeps nothing more.
func (c *Cases) AddNote(ctx context.Context, actor icp.Actor, id icp.OrderID, text, key string) (*icp.Order, error) {
	if strings.TrimSpace(text) == "" {
		return nil, icp.InvalidField("/text", "form.required")
	}
	saved, _, err := c.once(ctx, actor, id, key, "note "+string(id)+" "+text, func(tx *store.Tx, o *icp.Order) (*icp.Order, string, error) {
		saved, err := c.decide(ctx, tx, actor, o, order.AddNote, func(_ context.Context, _ *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
			o.Data.Notes = append(o.Data.Notes, icp.Note{At: at, By: actor.Account, Text: strings.TrimSpace(text)})
			return order.Facts{}, nil
		})
		return saved, "", err
	})
	return saved, err
}

// Return sends the order back with all findings at once; version guards that
// the reviewer saw what is returned.
func (c *Cases) Return(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, findings []icp.Finding) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.Return, func(_ context.Context, _ *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		for i := range findings {
			f := &findings[i]
			f.ID, f.Severity = icp.NewID(at), icp.SeverityError
			f.Reason, f.Advice = strings.TrimSpace(f.Reason), strings.TrimSpace(f.Advice)
			f.Was = form.Answer(o, f.Pointer)
		}
		return order.Facts{Findings: findings, Detail: map[string]any{"findings": len(findings)}}, nil
	})
}

// ReturnUnreached sends the order back because nobody answered the calls.
func (c *Cases) ReturnUnreached(ctx context.Context, actor icp.Actor, id icp.OrderID) (*icp.Order, error) {
	return c.change(ctx, actor, id, 0, order.ReturnUnreached, c.unreachedFacts)
}

func (c *Cases) unreachedFacts(_ context.Context, _ *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
	o.Data.Findings = []icp.Finding{{ID: icp.NewID(at), Pointer: "/subject/principal/mobile", Severity: icp.SeverityError,
		Code: "review.unreached", Was: form.Answer(o, "/subject/principal/mobile")}}
	return order.Facts{Attempts: c.Terms.CallAttempts, Spacing: c.Terms.CallAgain - callSpacing}, nil
}

// Reject refuses the order for good.
func (c *Cases) Reject(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, reason string) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.Reject, func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		o.Data.Findings = []icp.Finding{{ID: icp.NewID(at), Pointer: "", Severity: icp.SeverityError, Reason: strings.TrimSpace(reason)}}
		facts, err := c.giveBack(ctx, tx, o, at)
		facts.Reason = strings.TrimSpace(reason)
		return facts, err
	})
}

// Approve passes the provider's review; the gateway takes the order from there.
// The rules judge it once more, so that nothing that changed since slips through.
func (c *Cases) Approve(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.Approve, func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		unfit, err := c.unfitResources(ctx, tx, o, at)
		if err != nil {
			return order.Facts{}, err
		}
		j, err := c.judge(ctx, tx, o, at)
		if err != nil {
			return order.Facts{}, err
		}
		if err := c.Authority.Wake(ctx, tx, o); err != nil {
			return order.Facts{}, err
		}
		return order.Facts{Blocking: form.Blocking(append(j.Findings, unfit...)), NoCall: c.NoCall}, nil
	})
}

// Resend puts an order that came back from the authority's machines into the
// next file, unchanged.
func (c *Cases) Resend(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.Resend, func(ctx context.Context, tx *store.Tx, o *icp.Order, _ time.Time) (order.Facts, error) {
		o.Data.Findings = slices.DeleteFunc(slices.Clone(o.Data.Findings), order.SMSFinding) // it begins anew
		return order.Facts{}, c.Authority.Wake(ctx, tx, o)
	})
}
