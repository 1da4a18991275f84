package order_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"pgregory.net/rapid"
)

// weekdays is a calendar without holidays.
type weekdays struct{}

func (weekdays) AddWorkdays(t time.Time, n int) time.Time {
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if d := t.Weekday(); d != time.Saturday && d != time.Sunday {
			n--
		}
	}
	return t
}

var (
	terms = order.DefaultTerms(weekdays{})
	noon  = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) // a Tuesday

	applicant = icp.Actor{Account: "a1", Party: icp.Applicant}
	reviewer  = icp.Actor{Account: "r1", Party: icp.Provider}
	colleague = icp.Actor{Account: "r2", Party: icp.Provider}
	system    = icp.Actor{Party: icp.System}
)

// in gives an order in a state, claimed by the reviewer and called in its round.
func in(s icp.State) icp.Order {
	return icp.Order{ID: "o1", Account: "a1", State: s, Version: 7, Round: 1, Reviewer: "r1", Channel: icp.ChannelWeb,
		CreatedAt: noon.Add(-48 * time.Hour), UpdatedAt: noon.Add(-time.Hour), StateSince: noon.Add(-time.Hour),
		Data: icp.OrderData{SMS: []icp.SMSCheck{{ID: "1-1", Round: 1, State: icp.SMSTimedOut}}, Calls: []icp.Call{{At: noon, By: "r1", Round: 1, Outcome: icp.CallReached}}}}
}

// good are facts under which every guard passes.
var good = order.Facts{ChannelOpen: true, Consented: true, Reason: "no", Attempts: 0,
	Findings: []icp.Finding{{Pointer: "/subject/name", Reason: "differs from the licence"}}}

func TestEveryRowLeadsWhereItSays(t *testing.T) {
	t.Parallel()
	for _, row := range order.Transitions() {
		for _, from := range row.From {
			for _, party := range row.By {
				actor := map[icp.Party]icp.Actor{icp.Applicant: applicant, icp.Provider: reviewer, icp.System: system}[party]
				o := in(from)
				d, err := order.Decide(o, row.Action, actor, good, terms, noon)
				if err != nil {
					t.Errorf("%s in %s by %s: %v", row.Action, from, party, err)
					continue
				}
				want := row.To
				if want == "" {
					want = from
				}
				if d.Order().State != want || d.FromVersion() != 7 || d.Order().Version != 8 {
					t.Errorf("%s in %s: state %s version %d", row.Action, from, d.Order().State, d.Order().Version)
				}
				if d.Event() == "" || d.Holder() == "" {
					t.Errorf("%s in %s: event %q holder %q", row.Action, from, d.Event(), d.Holder())
				}
			}
		}
	}
}

func TestNothingOutsideTheTableIsAllowed(t *testing.T) {
	t.Parallel()
	rows := order.Transitions()
	actors := []icp.Actor{applicant, reviewer, system, {Party: icp.Authority}, {}}
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SampledFrom(rows).Draw(t, "row")
		state := rapid.SampledFrom(order.States()).Draw(t, "state")
		actor := rapid.SampledFrom(actors).Draw(t, "actor")
		_, err := order.Decide(in(state), row.Action, actor, good, terms, noon)
		listed := slices.ContainsFunc(rows, func(r order.Transition) bool {
			return r.Action == row.Action && slices.Contains(r.From, state) && slices.Contains(r.By, actor.Party)
		})
		if listed != (err == nil) {
			t.Fatalf("%s in %s by %s: listed %v, error %v", row.Action, state, actor.Party, listed, err)
		}
		if err != nil && !errors.Is(err, icp.ErrNotNow) && !errors.Is(err, icp.ErrNotAllowed) {
			t.Fatalf("%s in %s by %s: %v", row.Action, state, actor.Party, err)
		}
	})
}

func TestMapsAreComplete(t *testing.T) {
	t.Parallel()
	for _, s := range order.States() {
		if order.Holder(s) == "" {
			t.Errorf("state %s has no holder", s)
		}
	}
	if got, want := len(order.States()), 14; got != want {
		t.Errorf("%d states, want %d", got, want)
	}
	if missing := order.Unnamed(); len(missing) > 0 {
		t.Errorf("actions without an event or a notice entry: %v", missing)
	}
}

func TestGuards(t *testing.T) {
	t.Parallel()
	missed := func(n int) icp.Order {
		o := in(icp.StateProviderReview)
		o.Data.Calls = nil
		for i := range n {
			o.Data.Calls = append(o.Data.Calls, icp.Call{At: noon.Add(time.Duration(i) * time.Hour), Round: 1, Outcome: icp.CallNoAnswer})
		}
		return o
	}
	cases := []struct {
		name   string
		order  icp.Order
		action order.Action
		actor  icp.Actor
		facts  order.Facts
		want   *icp.Error
	}{
		{"a closed channel creates nothing", in(""), order.Create, applicant, order.Facts{}, icp.E(icp.NotNow, "channel.closed")},
		{"an order with faults is not submitted", in(icp.StateDraft), order.Submit, applicant,
			order.Facts{Consented: true, Blocking: []icp.Finding{{Pointer: "/subject/name", Code: "required"}}}, icp.ErrInvalid},
		{"an order without consent is not submitted", in(icp.StateDraft), order.Submit, applicant, order.Facts{}, icp.ErrInvalid},
		{"two reviewers never hold one case", in(icp.StateProviderReview), order.Claim, colleague, good, icp.E(icp.NotNow, "review.claimed_by_other")},
		{"nobody decides a case that another has taken", in(icp.StateProviderReview), order.Approve, colleague, good, icp.E(icp.NotNow, "review.claimed_by_other")},
		{"nothing is approved without a call that reached somebody", missed(1), order.Approve, reviewer, good, icp.E(icp.NotNow, "review.call_first")},
		{"nothing is approved while a rule objects", in(icp.StateProviderReview), order.Approve, reviewer,
			order.Facts{Blocking: []icp.Finding{{}}}, icp.E(icp.NotNow, "review.blocking_findings")},
		{"a return names a fault", in(icp.StateProviderReview), order.Return, reviewer, order.Facts{}, icp.ErrInvalid},
		{"a fault has a field and a reason", in(icp.StateProviderReview), order.Return, reviewer,
			order.Facts{Findings: []icp.Finding{{}}}, icp.ErrInvalid},
		{"a final refusal has a reason", in(icp.StateProviderReview), order.Reject, reviewer, order.Facts{}, icp.ErrInvalid},
		{"one missed call does not return the order", missed(1), order.ReturnUnreached, system,
			order.Facts{Attempts: 2}, icp.E(icp.NotNow, "review.call_again_first")},
		{"two calls within minutes are one attempt", missed(2), order.ReturnUnreached, system,
			order.Facts{Attempts: 2, Spacing: 2 * time.Hour}, icp.E(icp.NotNow, "review.call_again_first")},
		{"two missed calls return the order", missed(2), order.ReturnUnreached, system,
			order.Facts{Attempts: 2, Spacing: 50 * time.Minute}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := order.Decide(c.order, c.action, c.actor, c.facts, terms, noon)
			if c.want == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	find := func(d order.Decision, kind string) time.Time {
		for _, x := range d.Deadlines() {
			if x.Kind == kind {
				return x.DueAt
			}
		}
		return time.Time{}
	}
	must := func(o icp.Order, a order.Action, who icp.Actor) order.Decision {
		d, err := order.Decide(o, a, who, good, terms, noon)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	day := 24 * time.Hour
	if got := find(must(in(icp.StateDraft), order.Submit, applicant), order.DeadlineReview); !got.Equal(noon.Add(day)) {
		t.Errorf("review due %v, want the next working day", got)
	}
	o := in(icp.StateProviderReview)
	o.Data.Calls = []icp.Call{{At: noon, Round: 1, Outcome: icp.CallNoAnswer}}
	if got := find(must(o, order.RecordCall, reviewer), order.DeadlineCall); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("second call due %v, want an hour later", got)
	}
	if got := find(must(in(icp.StateSubmitting), order.Accept, system), order.DeadlineSMS); !got.Equal(noon.Add(day)) {
		t.Errorf("message check due %v, want a day later", got)
	}
	if got := find(must(in(icp.StateProviderReview), order.Return, reviewer), order.DeadlineIdle); !got.Equal(noon.Add(45 * day)) {
		t.Errorf("idle at %v, want 45 days after the return", got)
	}
	idled := must(in(icp.StateChangesRequested), order.Idle, system)
	if got := find(idled, order.DeadlineExpire); !got.Equal(noon.Add(30 * day)) {
		t.Errorf("a draft that fell idle expires at %v, want 30 days after it became a draft", got)
	}
	if got := find(must(in(icp.StateSMSPending), order.PassSMS, system), order.DeadlineAuthority); !got.After(noon.Add(27 * day)) {
		t.Errorf("authority due %v, want 20 working days later", got)
	}
}

func TestAllowedFollowsTheClaim(t *testing.T) {
	t.Parallel()
	o := in(icp.StateProviderReview)
	if got := order.Allowed(&o, colleague); slices.Contains(got, order.Approve) || slices.Contains(got, order.Claim) {
		t.Errorf("a colleague may %v on another's case", got)
	}
	if got := order.Allowed(&o, reviewer); !slices.Contains(got, order.Approve) {
		t.Errorf("the reviewer may only %v", got)
	}
	if got := order.Allowed(&o, applicant); !slices.Contains(got, order.Withdraw) || slices.Contains(got, order.Edit) {
		t.Errorf("the applicant may %v while the provider reviews", got)
	}
}

func BenchmarkDecide(b *testing.B) {
	o := in(icp.StateProviderReview)
	for b.Loop() {
		if _, err := order.Decide(o, order.Approve, reviewer, good, terms, noon); err != nil {
			b.Fatal(err)
		}
	}
}
