package order

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// Facts are what guards must know beyond the order itself. The command that
// decides gathers them in its transaction.
type Facts struct {
	ChannelOpen bool          // new orders may be created by the order's channel
	Blocking    []icp.Finding // findings of severity error on the answers as they stand
	Consented   bool          // every consent text in force was agreed to
	Findings    []icp.Finding // a reviewer's findings
	Reason      string        // a reviewer's words for a final refusal
	Attempts    int           // calls that must fail before an order is returned for it
	Spacing     time.Duration // calls closer together count as one attempt
	NoCall      bool          // the provider approves without a call
	// Detail goes into the audit event; it must hold no personal data.
	Detail map[string]any
}

// Decision is an act on an order that the table allows. Its fields are closed:
// only [Decide] makes one.
type Decision struct {
	order     icp.Order
	from      icp.State
	version   int64
	action    Action
	actor     icp.Actor
	at        time.Time
	deadlines []icp.Deadline
	detail    json.RawMessage
}

// Decide applies an action to an order: it checks the table and the row's
// guard and returns the order as it will be. o is the order with any new
// answers already in it, under the version and state that were read.
// It refuses with icp.NotAllowed when the actor's party has no part in the
// action, and with icp.NotNow when the state or guard forbids it.
func Decide(o icp.Order, action Action, actor icp.Actor, facts Facts, terms Terms, at time.Time) (Decision, error) {
	row, err := find(o.State, action, actor.Party)
	if err != nil {
		return Decision{}, err
	}
	if row.Guard != nil {
		if err := row.Guard(&o, actor, facts); err != nil {
			return Decision{}, err
		}
	}
	d := Decision{order: o, from: o.State, version: o.Version, action: action, actor: actor, at: at}
	if row.To != "" && row.To != o.State {
		d.order.State = row.To
		d.order.StateSince = at
		d.order.Reviewer = ""
	}
	d.order.Version++
	apply(&d.order, action, actor, facts, at)
	d.deadlines = terms.Deadlines(&d.order, at)
	if d.detail, err = detail(d, facts); err != nil {
		return Decision{}, err
	}
	return d, nil
}

// find gives the row for the action, or why there is none.
func find(state icp.State, action Action, party icp.Party) (Transition, error) {
	for _, row := range table {
		if row.Action != action {
			continue
		}
		if !slices.Contains(row.By, party) {
			return Transition{}, icp.E(icp.NotAllowed, "order.not_your_action").With("action", string(action))
		}
		if !slices.Contains(row.From, state) {
			return Transition{}, icp.E(icp.NotNow, "order.not_in_this_state").With("action", string(action)).With("state", string(state))
		}
		return row, nil
	}
	return Transition{}, icp.E(icp.NotAllowed, "order.no_such_action").With("action", string(action))
}

var table = Transitions()

// apply sets what an action itself changes besides the state.
func apply(o *icp.Order, action Action, actor icp.Actor, facts Facts, at time.Time) {
	switch action { //nolint:exhaustive // the others change only the state
	case Create:
		o.CreatedAt, o.UpdatedAt, o.StateSince = at, at, at
	case Submit:
		o.Round++
		if o.SubmittedAt.IsZero() {
			o.SubmittedAt = at
		}
		o.Data.LastRound, o.Data.Findings, o.Data.AuthorityOpinion = o.Data.Findings, nil, ""
	case Claim:
		o.Reviewer = actor.Account
	case Release:
		o.Reviewer = ""
	case Return:
		o.Data.Findings = facts.Findings
	case AuthorityApprove:
		o.Data.Filing.PasswordDigest = ""
		o.Data.Findings = nil
	}
	if actor.Party != icp.System {
		o.UpdatedAt = at
	}
}

// detail builds the audit event's detail: the states and what the command added.
func detail(d Decision, facts Facts) (json.RawMessage, error) {
	m := map[string]any{"from": d.from, "to": d.order.State}
	for k, v := range facts.Detail {
		m[k] = v
	}
	return json.Marshal(m)
}

// Allowed lists the actions that the party may take on the order now, as far
// as the table and the guards that need nothing but the order can tell.
func Allowed(o *icp.Order, actor icp.Actor) []Action {
	var out []Action
	for _, row := range table {
		if !slices.Contains(row.By, actor.Party) || !slices.Contains(row.From, o.State) || row.Action == Create {
			continue
		}
		if (row.Action == Claim || decides(row.Action)) && unclaimed(o, actor, Facts{}) != nil {
			continue
		}
		if needsClaim(row.Action) && mine(o, actor, Facts{}) != nil {
			continue
		}
		if (row.Action == Withdraw || row.Action == ResendSMS) && row.Guard(o, actor, Facts{}) != nil {
			continue
		}
		out = append(out, row.Action)
	}
	return out
}

// Order is the order as it will be.
func (d Decision) Order() *icp.Order { return &d.order }

// From is the state before the act.
func (d Decision) From() icp.State { return d.from }

// FromVersion is the version that the act rests on.
func (d Decision) FromVersion() int64 { return d.version }

// Action is what was done.
func (d Decision) Action() Action { return d.action }

// Actor is who did it.
func (d Decision) Actor() icp.Actor { return d.actor }

// At is when it was done.
func (d Decision) At() time.Time { return d.at }

// Event is the name of the audit event.
func (d Decision) Event() string { return events[d.action] }

// Holder is whose move it is afterwards.
func (d Decision) Holder() icp.Party { return holders[d.order.State] }

// Deadlines is the complete set of clocks that stand afterwards.
func (d Decision) Deadlines() []icp.Deadline { return d.deadlines }

// Detail is the audit event's JSON, without personal data.
func (d Decision) Detail() json.RawMessage { return d.detail }

// Notice is the kind of notice that the applicant gets, "" for none.
func (d Decision) Notice() string { return notices[d.action] }
