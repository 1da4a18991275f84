package casework

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// The commands of this file are called by the gateway inside its own
// transactions, so that what it sent or received and what the order became are
// committed together. Every one is harmless when repeated: an order that is
// past the step is left alone.

// Batched notes that an order went into a file for the authority.
func (c *Cases) Batched(ctx context.Context, tx *store.Tx, id icp.OrderID, sequence int64) error {
	return c.step(ctx, tx, id, order.Batch, []icp.State{icp.StateReady}, func(*icp.Order, time.Time) map[string]any {
		return map[string]any{"sequence": sequence}
	})
}

// Recheck judges an order by the rules in force once more before it goes into a
// file, for they may be newer than its approval. One that they object to comes
// back to the provider with what they found, and unfit is true.
func (c *Cases) Recheck(ctx context.Context, tx *store.Tx, id icp.OrderID) (unfit bool, err error) {
	o, err := tx.Order(ctx, id)
	if err != nil || o.State != icp.StateReady {
		return false, err
	}
	at := c.Clock.Now()
	j, err := c.judge(ctx, tx, o, at)
	if err != nil {
		return false, err
	}
	blocking := form.Blocking(j.Findings)
	if len(blocking) == 0 {
		return false, nil
	}
	for i := range blocking {
		blocking[i].ID, blocking[i].Was = icp.NewID(at), form.Answer(o, blocking[i].Pointer)
	}
	if err := c.Batched(ctx, tx, id, 0); err != nil {
		return false, err
	}
	version := c.Rules.Version()
	return true, c.step(ctx, tx, id, order.BounceToProvider, []icp.State{icp.StateSubmitting}, func(o *icp.Order, _ time.Time) map[string]any {
		o.Data.Findings = blocking
		return map[string]any{"rules": version, "findings": len(blocking)}
	})
}

// Refused notes that the authority refused the whole file with a method code.
func (c *Cases) Refused(ctx context.Context, tx *store.Tx, id icp.OrderID, code int) error {
	return c.step(ctx, tx, id, order.Refuse, []icp.State{icp.StateSubmitting}, func(*icp.Order, time.Time) map[string]any {
		return map[string]any{"code": code}
	})
}

// DataError is a result code of the authority's machines about an order.
type DataError struct {
	Code    int
	Pointer string // the field that the code names, "" for none
	Text    string // the authority's own words
}

// Bounced brings an order back to the provider with the machine's result codes.
// A return that names no fault may be the end of the check by message.
func (c *Cases) Bounced(ctx context.Context, tx *store.Tx, id icp.OrderID, errs []DataError) error {
	if !slices.ContainsFunc(errs, func(e DataError) bool { return e.Code != codeOther && e.Code != codeOtherFault }) {
		if taken, err := c.returnedUnchecked(ctx, tx, id); taken || err != nil {
			return err
		}
	}
	from := []icp.State{icp.StateSubmitting, icp.StateSMSPending, icp.StateAuthorityReview}
	return c.step(ctx, tx, id, order.BounceToProvider, from, func(o *icp.Order, at time.Time) map[string]any {
		unsettleSMS(o)
		codes := make([]int, 0, len(errs))
		o.Data.Findings = nil
		for _, e := range errs {
			codes = append(codes, e.Code)
			o.Data.Findings = append(o.Data.Findings, icp.Finding{ID: icp.NewID(at), Pointer: e.Pointer, Severity: icp.SeverityError,
				Code: "authority.data_code", Params: map[string]string{"code": strconv.Itoa(e.Code)}, Reason: e.Text})
		}
		return map[string]any{"codes": codes}
	})
}

// SiteResult is the authority's word on one website.
type SiteResult struct {
	Website      icp.WebsiteID
	Approved     bool
	Opinion      string // the authority's own words, for a rejection
	LicenceNo    string // 网站备案号; empty until the record arrives
	AuthorityRef int64  // the authority's id of the site (Wzid); 0 until then
}

// Results takes the authority's words on websites of an order. The order is
// filed when every site has its licence number, and rejected when every site
// has an outcome and one of them is a refusal. Approval (GJSHS) and record
// (BASJ) may come in either order and in several files.
func (c *Cases) Results(ctx context.Context, tx *store.Tx, id icp.OrderID, subjectLicenceNo string, results []SiteResult) error {
	o, err := tx.Order(ctx, id)
	if err != nil {
		return err
	}
	if order.Ended(o.State) || order.Editable(o.State) {
		return nil
	}
	if refusedWithoutWords(results) {
		if taken, err := c.returnedUnchecked(ctx, tx, id); taken || err != nil {
			return err
		}
	}
	apply := func(o *icp.Order, at time.Time) map[string]any { return applyResults(o, subjectLicenceNo, results, at) }
	probe := *o
	probe.Data.Websites, probe.Data.SMS = slices.Clone(o.Data.Websites), slices.Clone(o.Data.SMS)
	apply(&probe, c.Clock.Now())
	switch action := verdict(&probe); action {
	case order.AuthorityApprove:
		return c.publish(ctx, tx, o, action, apply)
	case order.AuthorityReject:
		return c.publish(ctx, tx, o, action, apply)
	default:
		if o.State == icp.StateSMSPending { // a decision on one site means that the check was passed
			return c.step(ctx, tx, id, order.PassSMS, []icp.State{icp.StateSMSPending}, apply)
		}
		return c.step(ctx, tx, id, order.NoteResult, []icp.State{icp.StateReady, icp.StateSubmitting, icp.StateAuthorityReview, icp.StateReturnedToProvider}, apply)
	}
}

// applyResults notes outcomes in the order and gives the event's detail.
func applyResults(o *icp.Order, subjectLicenceNo string, results []SiteResult, at time.Time) map[string]any {
	if subjectLicenceNo != "" {
		o.Data.SubjectLicenceNo = subjectLicenceNo
	}
	settleSMS(o, at)
	o.Data.Findings = slices.Clone(o.Data.Findings)
	for _, r := range results {
		w := o.Website(r.Website)
		if w == nil {
			continue
		}
		if r.LicenceNo != "" {
			w.LicenceNo, w.AuthorityRef, w.Outcome = r.LicenceNo, r.AuthorityRef, icp.OutcomeApproved
			continue
		}
		w.Outcome = icp.OutcomeApproved
		if r.Approved {
			o.Data.AuthorityApproved = at
			continue
		}
		w.Outcome = icp.OutcomeRejected
		o.Data.AuthorityOpinion = r.Opinion
		o.Data.Findings = append(o.Data.Findings, icp.Finding{ID: icp.NewID(at), Pointer: sitePointer(o, r.Website),
			Severity: icp.SeverityError, Reason: r.Opinion})
	}
	return map[string]any{"sites": len(results)}
}

func sitePointer(o *icp.Order, id icp.WebsiteID) string {
	for i := range o.Data.Websites {
		if o.Data.Websites[i].ID == id {
			return "/websites/" + strconv.Itoa(i)
		}
	}
	return "/websites"
}

// verdict tells what the outcomes of all sites together mean; "" is nothing yet.
func verdict(o *icp.Order) order.Action {
	numbered, rejected, open := 0, 0, 0
	for i := range o.Data.Websites {
		w := &o.Data.Websites[i]
		switch {
		case w.LicenceNo != "":
			numbered++
		case w.Outcome == icp.OutcomeRejected:
			rejected++
		default:
			open++
		}
	}
	switch {
	case open > 0:
		return ""
	case rejected > 0:
		return order.AuthorityReject
	case numbered > 0:
		return order.AuthorityApprove
	}
	return ""
}

// publish takes the authority's decision and writes the register.
func (c *Cases) publish(ctx context.Context, tx *store.Tx, o *icp.Order, action order.Action, apply func(*icp.Order, time.Time) map[string]any) error {
	saved, err := c.decide(ctx, tx, system, o, action, func(_ context.Context, _ *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		return order.Facts{Detail: apply(o, at)}, nil
	})
	if err != nil {
		return err
	}
	at := c.Clock.Now()
	if action == order.AuthorityApprove {
		if err := c.Resources.Filed(ctx, tx, o.ID, at); err != nil {
			return err
		}
	}
	return c.Register.Publish(ctx, tx, saved, at)
}

// step takes a system action when the order is in one of the states and does
// nothing otherwise.
func (c *Cases) step(ctx context.Context, tx *store.Tx, id icp.OrderID, action order.Action, from []icp.State,
	apply func(*icp.Order, time.Time) map[string]any) error {
	o, err := tx.Order(ctx, id)
	if err != nil {
		return err
	}
	if !slices.Contains(from, o.State) {
		return nil
	}
	_, err = c.decide(ctx, tx, system, o, action, func(_ context.Context, _ *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		return order.Facts{Detail: apply(o, at)}, nil
	})
	return err
}

// auditEvent builds an event that is not about an order.
func auditEvent(actor icp.Actor, action, kind, object string, detail map[string]any, at time.Time) audit.Event {
	raw, err := json.Marshal(detail)
	if err != nil {
		panic("audit detail is not JSON: " + err.Error()) // detail is made of our own plain values
	}
	return audit.Event{At: at, Actor: string(actor.Account), ActorRole: string(actor.Party), Action: action, ObjectKind: kind, Object: object, Detail: raw}
}
