package order

import (
	"slices"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// Guard refuses an action for a reason that people can act on; nil lets it pass.
type Guard func(o *icp.Order, actor icp.Actor, facts Facts) error

// channelOpen lets orders begin only where the operator takes them.
func channelOpen(o *icp.Order, _ icp.Actor, facts Facts) error {
	if facts.ChannelOpen {
		return nil
	}
	return icp.E(icp.NotNow, "channel.closed").With("channel", string(o.Channel))
}

// complete lets an order go to review only without faults and with consent.
func complete(_ *icp.Order, _ icp.Actor, facts Facts) error {
	var fields []icp.FieldError
	for _, f := range facts.Blocking {
		fields = append(fields, icp.FieldError{Pointer: f.Pointer, Code: f.Code, Params: f.Params})
	}
	if !facts.Consented {
		fields = append(fields, icp.FieldError{Pointer: "/consents", Code: "order.consent_missing"})
	}
	return icp.InvalidFields(fields)
}

// notAtAuthority lets an order be taken back from the provider's review, and
// after the check by message failed: a wrong number has to be mended.
func notAtAuthority(o *icp.Order, _ icp.Actor, _ Facts) error {
	if o.State == icp.StateProviderReview || SMSFailed(o) {
		return nil
	}
	return icp.E(icp.NotNow, "order.not_in_this_state").With("action", string(Withdraw)).With("state", string(o.State))
}

// unchanged lets an order go to the authority once more without a review: only
// when nothing but the check by message went wrong and the rules still hold.
// Its answers are those that were sent, since nobody may edit it meanwhile.
func unchanged(o *icp.Order, _ icp.Actor, facts Facts) error {
	if !SMSFailed(o) {
		return icp.E(icp.NotNow, "sms.nothing_to_resend")
	}
	var fields []icp.FieldError
	for _, f := range facts.Blocking {
		fields = append(fields, icp.FieldError{Pointer: f.Pointer, Code: f.Code, Params: f.Params})
	}
	return icp.InvalidFields(fields)
}

// unclaimed keeps two reviewers from working on one case.
func unclaimed(o *icp.Order, actor icp.Actor, _ Facts) error {
	if o.Reviewer == "" || o.Reviewer == actor.Account {
		return nil
	}
	return icp.E(icp.NotNow, "review.claimed_by_other")
}

// mine asks that the reviewer has taken the case.
func mine(o *icp.Order, actor icp.Actor, _ Facts) error {
	switch o.Reviewer {
	case actor.Account:
		return nil
	case "":
		return icp.E(icp.NotNow, "review.claim_first")
	default:
		return icp.E(icp.NotNow, "review.claimed_by_other")
	}
}

// needsClaim lists the actions that ask for the case to be taken first.
func needsClaim(a Action) bool { return a == RecordCall || a == Release }

// decides lists the actions that another reviewer's claim forbids. A free case
// may be decided at once: the version that the decision rests on keeps two
// reviewers apart.
func decides(a Action) bool {
	return a == Approve || a == Reject || a == Return || a == ReturnUnreached
}

// withFindings asks that a return names at least one fault, each with a field
// and a reason, so that the applicant can mend it.
func withFindings(o *icp.Order, actor icp.Actor, facts Facts) error {
	if o.State == icp.StateProviderReview {
		if err := unclaimed(o, actor, facts); err != nil {
			return err
		}
	}
	if len(facts.Findings) == 0 {
		return icp.InvalidField("/findings", "review.findings_missing")
	}
	var fields []icp.FieldError
	for i, f := range facts.Findings {
		at := "/findings/" + itoa(i)
		if f.Pointer == "" {
			fields = append(fields, icp.FieldError{Pointer: at + "/pointer", Code: "review.finding_field_missing"})
		}
		if f.Reason == "" {
			fields = append(fields, icp.FieldError{Pointer: at + "/reason", Code: "review.finding_reason_missing"})
		}
	}
	return icp.InvalidFields(fields)
}

// withReason asks for words with a final refusal.
func withReason(o *icp.Order, actor icp.Actor, facts Facts) error {
	if err := unclaimed(o, actor, facts); err != nil {
		return err
	}
	if facts.Reason == "" {
		return icp.InvalidField("/reason", "review.reason_missing")
	}
	return nil
}

// approvable asks that no other reviewer has the case, that nothing the rules
// call an error stands, and, unless the provider does without, that somebody
// was reached by phone in this round: the guide promises that a reviewer calls
// before the order goes on.
func approvable(o *icp.Order, actor icp.Actor, facts Facts) error {
	if err := unclaimed(o, actor, facts); err != nil {
		return err
	}
	if len(facts.Blocking) > 0 {
		return icp.E(icp.NotNow, "review.blocking_findings").With("count", itoa(len(facts.Blocking)))
	}
	if facts.NoCall || slices.ContainsFunc(o.Data.Calls, func(c icp.Call) bool { return c.Round == o.Round && c.Outcome == icp.CallReached }) {
		return nil
	}
	return icp.E(icp.NotNow, "review.call_first")
}

// unreached asks for as many missed calls in this round as the provider set.
func unreached(o *icp.Order, actor icp.Actor, facts Facts) error {
	if actor.Party == icp.Provider {
		if err := unclaimed(o, actor, facts); err != nil {
			return err
		}
	}
	if Missed(o, facts.Spacing) < facts.Attempts {
		return icp.E(icp.NotNow, "review.call_again_first").With("attempts", itoa(facts.Attempts))
	}
	return nil
}

// Missed counts the attempts of this round that reached nobody; 0 once
// somebody was reached. Calls less than spacing apart are one attempt: dialling
// twice in a minute is not calling again.
func Missed(o *icp.Order, spacing time.Duration) int {
	n := 0
	var last time.Time
	for _, c := range o.Data.Calls {
		if c.Round != o.Round {
			continue
		}
		if c.Outcome == icp.CallReached {
			return 0
		}
		if n == 0 || c.At.Sub(last) >= spacing {
			n++
			last = c.At
		}
	}
	return n
}
