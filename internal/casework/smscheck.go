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

// The check by message (短信核验): the ministry texts every person of
// order.SMSPersons, who enters the code on its site within 24 hours. Interface
// 3.0 has no word of it. So each person's check rests on somebody's word, on the
// authority's result, or on our clock, and a return without an opinion is taken
// for its end; the row tells which.

// Accepted notes that the authority took the file. The ministry now texts those
// who must verify; where nobody must, the authority's review begins.
func (c *Cases) Accepted(ctx context.Context, tx *store.Tx, id icp.OrderID, sequence int64) error {
	o, err := tx.Order(ctx, id)
	if err != nil || o.State != icp.StateSubmitting {
		return err
	}
	o, err = c.decide(ctx, tx, system, o, order.Accept, func(_ context.Context, _ *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		beginSMS(o, at.Add(c.Terms.SMS))
		return order.Facts{Detail: map[string]any{"sequence": sequence}}, nil
	})
	if err != nil {
		return err
	}
	if len(waitingSMS(o)) == 0 {
		return c.smsPassed(ctx, tx, id)
	}
	if told := c.Terms.Reminders(o.StateSince); len(told) > 0 && !told[0].At.After(o.StateSince) {
		return c.remindSMS(ctx, tx, o, told[0].Index, c.Clock.Now())
	}
	return nil
}

// beginSMS opens a new round of checks; those before are kept.
func beginSMS(o *icp.Order, until time.Time) {
	round := o.SMSRound() + 1
	rows := slices.Clone(o.Data.SMS)
	for i, p := range order.SMSPersons(o) {
		rows = append(rows, icp.SMSCheck{ID: strconv.Itoa(round) + "-" + strconv.Itoa(i+1), Round: round, Pointers: p.Pointers,
			Name: p.Name, Mobile: p.Mobile, State: icp.SMSWaiting, Until: until})
	}
	o.Data.SMS = rows
}

func waitingSMS(o *icp.Order) []*icp.SMSCheck {
	return slices.DeleteFunc(o.SMSChecks(), func(c *icp.SMSCheck) bool { return c.State != icp.SMSWaiting })
}

// smsPassed goes on to the authority's review: there was nobody to verify.
func (c *Cases) smsPassed(ctx context.Context, tx *store.Tx, id icp.OrderID) error {
	return c.step(ctx, tx, id, order.PassSMS, []icp.State{icp.StateSMSPending}, func(o *icp.Order, at time.Time) map[string]any {
		settleSMS(o, at)
		return nil
	})
}

// settleSMS notes that the authority's result settles every check of the round.
func settleSMS(o *icp.Order, at time.Time) {
	o.Data.SMS = slices.Clone(o.Data.SMS)
	for _, check := range o.SMSChecks() {
		check.State, check.Word = icp.SMSDone, icp.SMSWord{By: icp.Authority, At: at}
	}
}

// unsettleSMS notes that the order came back for another reason before the rest
// was known.
func unsettleSMS(o *icp.Order) {
	o.Data.SMS = slices.Clone(o.Data.SMS)
	for _, check := range waitingSMS(o) {
		check.State = icp.SMSUnknown
	}
}

// SMSSaid is somebody's word that a person entered the code.
type SMSSaid struct {
	Check string        // id of the check; "" for all that wait
	From  icp.SMSSource // of whom staff heard it; "" by the applicant
}

// ConfirmSMS takes the applicant's or the staff's word that codes were entered on
// the ministry's site. When nobody is left, the order goes on to the authority's
// review. Should a word not be true, the authority sends the order back. A check
// that is settled already is left as it is.
func (c *Cases) ConfirmSMS(ctx context.Context, actor icp.Actor, id icp.OrderID, said SMSSaid) (*icp.Order, error) {
	var saved *icp.Order
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		o, err := c.load(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		action, noted := order.ConfirmSMS, 0
		at := c.Clock.Now()
		if o.State == icp.StateSMSPending {
			if noted, err = noteSMS(o, actor, said, at); err != nil {
				return err
			}
			if noted == 0 {
				saved = o
				return nil
			}
			if len(waitingSMS(o)) == 0 {
				action = order.PassSMS
			}
		}
		saved, err = c.decide(ctx, tx, actor, o, action, func(context.Context, *store.Tx, *icp.Order, time.Time) (order.Facts, error) {
			return order.Facts{Detail: map[string]any{"by": actor.Party, "from": said.From, "persons": noted}}, nil
		})
		return err
	})
	return saved, err
}

// noteSMS writes a word down and tells how many checks it settled.
func noteSMS(o *icp.Order, actor icp.Actor, said SMSSaid, at time.Time) (noted int, err error) {
	if actor.Party == icp.Provider && said.From == "" {
		return 0, icp.InvalidField("/from", "sms.source_missing")
	}
	if actor.Party != icp.Provider {
		said.From = ""
	}
	o.Data.SMS = slices.Clone(o.Data.SMS)
	found := said.Check == ""
	for _, check := range o.SMSChecks() {
		if said.Check != "" && check.ID != said.Check {
			continue
		}
		found = true
		if check.State == icp.SMSWaiting {
			check.State, check.Word = icp.SMSDone, icp.SMSWord{By: actor.Party, Account: actor.Account, From: said.From, At: at}
			noted++
		}
	}
	if !found {
		return 0, icp.InvalidField("/check", "sms.no_such_check")
	}
	return noted, nil
}

// failSMS ends the round: who had not verified is named in a finding. Where
// everybody was said to have, nobody can tell whose word was wrong.
func failSMS(o *icp.Order, by icp.SMSWord, at time.Time) order.Facts {
	o.Data.SMS, o.Data.Findings = slices.Clone(o.Data.SMS), nil
	failed, state, code := waitingSMS(o), icp.SMSTimedOut, order.SMSCodeTimedOut
	if len(failed) == 0 {
		failed, state, code = o.SMSChecks(), icp.SMSUnknown, order.SMSCodeUnclear
	}
	for _, check := range failed {
		check.State = state
		if state == icp.SMSTimedOut {
			check.Word = by
		}
		o.Data.Findings = append(o.Data.Findings, icp.Finding{ID: icp.NewID(at), Pointer: check.Pointers[0] + "/mobile", Severity: icp.SeverityError,
			Code: code, Params: map[string]string{"name": icp.MaskName(check.Name), "tail": check.Tail()}, Was: form.Answer(o, check.Pointers[0]+"/mobile")})
	}
	return order.Facts{Detail: map[string]any{"persons": len(failed), "by": by.By}}
}

// ResendSMS puts an order whose check by message failed into the next file: as it
// is, without another review. Its rules and resources are looked at once more;
// what they object to comes back as icp.Invalid with the fields.
func (c *Cases) ResendSMS(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64) (*icp.Order, error) {
	return c.change(ctx, actor, id, version, order.ResendSMS, func(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		if !order.SMSFailed(o) {
			return order.Facts{}, nil // the guard says why not
		}
		j, err := c.judge(ctx, tx, o, at)
		if err != nil {
			return order.Facts{}, err
		}
		unfit, err := c.unfitResources(ctx, tx, o, at)
		if err != nil {
			return order.Facts{}, err
		}
		blocking := form.Blocking(append(j.Findings, unfit...))
		facts := order.Facts{Blocking: blocking, Detail: map[string]any{"sms_round": o.SMSRound()}}
		if len(blocking) > 0 {
			return facts, nil
		}
		o.Data.Findings = nil
		return facts, c.Authority.Wake(ctx, tx, o)
	})
}

// Codes of the authority's machines that name no fault.
const (
	codeOther      = 1999
	codeOtherFault = 5999
)

// returnSlack is how long after the end of a check a return without an opinion
// still counts as its failure: the authority takes its time, and so may our own
// downloads.
const returnSlack = 72 * time.Hour

// refusedWithoutWords reports results that refuse and say nothing.
func refusedWithoutWords(results []SiteResult) bool {
	return len(results) > 0 && !slices.ContainsFunc(results, func(r SiteResult) bool {
		return r.Approved || r.LicenceNo != "" || strings.TrimSpace(r.Opinion) != ""
	})
}

// returnedUnchecked takes a return without an opinion for the end of the check by
// message, where the order is in it, or was until lately by people's word only.
// taken is false where it must mean something else.
//
// Our clock may have ended the round before the authority told its end, and the
// order may be on its way again: such a return belongs to the round before.
func (c *Cases) returnedUnchecked(ctx context.Context, tx *store.Tx, id icp.OrderID) (taken bool, err error) {
	o, err := tx.Order(ctx, id)
	if err != nil {
		return false, err
	}
	at := c.Clock.Now()
	if c.belongsToRoundBefore(o, at) {
		return true, nil
	}
	checks := o.SMSChecks()
	byWord := o.State == icp.StateAuthorityReview && len(checks) > 0 && at.Before(checks[0].Until.Add(returnSlack)) &&
		!slices.ContainsFunc(checks, func(c *icp.SMSCheck) bool { return c.Word.By == icp.Authority })
	if o.State != icp.StateSMSPending && !byWord {
		return o.State == icp.StateReturnedToProvider && order.SMSFailed(o), nil
	}
	_, err = c.decide(ctx, tx, system, o, order.ExpireSMS, func(_ context.Context, _ *store.Tx, o *icp.Order, at time.Time) (order.Facts, error) {
		return failSMS(o, icp.SMSWord{By: icp.Authority, At: at}, at), nil
	})
	return true, err
}

// belongsToRoundBefore reports whether a return without an opinion tells the end
// of a round that our clock had ended: the order is being sent again, or the new
// round has just begun.
func (c *Cases) belongsToRoundBefore(o *icp.Order, at time.Time) bool {
	round := o.SMSRound()
	switch {
	case o.State == icp.StateReady || o.State == icp.StateSubmitting:
	case (o.State == icp.StateSMSPending || o.State == icp.StateAuthorityReview) && at.Sub(o.SMSChecks()[0].Until.Add(-c.Terms.SMS)) < lateReturn:
		round--
	default:
		return false
	}
	return slices.ContainsFunc(o.Data.SMS, func(s icp.SMSCheck) bool {
		return s.Round == round && s.State == icp.SMSTimedOut && s.Word.By == ""
	})
}

// lateReturn is how long after a new round began a return without an opinion is
// taken for one of the round before.
const lateReturn = time.Hour
