package casework_test

import (
	"slices"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

const day = 24 * time.Hour

// run moves the clock and lets the deadlines act.
func (w *world) run(t *testing.T, by time.Duration) {
	t.Helper()
	w.clock.Advance(by)
	for {
		n, err := w.RunClocks(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (w *world) state(t *testing.T, id icp.OrderID) icp.State {
	t.Helper()
	return must(w.Order(t.Context(), w.applicant, id))(t).State
}

func TestAnIdleOrderBecomesADraftAndThenExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.submitted(t, "yunshan.cn")
	must(w.Claim(t.Context(), reviewer, o.ID))(t)
	o = must(w.Order(t.Context(), reviewer, o.ID))(t)
	must(w.Return(t.Context(), reviewer, o.ID, o.Version, []icp.Finding{{Pointer: "/subject/name", Reason: "不一致"}}))(t)
	w.run(t, 39*day)
	if kinds := w.notices.kinds(); slices.Contains(kinds, order.NoticeIdleSoon) {
		t.Fatalf("reminded too early: %v", kinds)
	}
	w.run(t, 2*day)
	w.run(t, day) // a second run reminds nobody twice
	if kinds := w.notices.kinds(); count(kinds, order.NoticeIdleSoon) != 1 {
		t.Fatalf("reminded: %v", kinds)
	}
	w.run(t, 4*day)
	if got := w.state(t, o.ID); got != icp.StateDraft {
		t.Fatalf("after 46 days: %s", got)
	}
	w.run(t, 28*day)
	if got := w.state(t, o.ID); got != icp.StateDraft || count(w.notices.kinds(), order.NoticeExpireSoon) != 1 {
		t.Fatalf("28 days later: %s, %v", got, w.notices.kinds())
	}
	w.run(t, 3*day)
	if got := w.state(t, o.ID); got != icp.StateExpired || len(w.resources.lent) != 0 {
		t.Fatalf("31 days later: %s, %d resources held", got, len(w.resources.lent))
	}
}

func TestAnEditStartsADraftsClockAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.begin(t, "yunshan.cn")
	w.run(t, 26*day) // reminded
	o = must(w.Order(t.Context(), w.applicant, o.ID))(t)
	must(w.UpdateSubject(t.Context(), w.applicant, o.ID, o.Version, o.Data.Subject))(t)
	w.run(t, 20*day)
	if got := w.state(t, o.ID); got != icp.StateDraft {
		t.Fatalf("20 days after the edit: %s", got)
	}
	w.run(t, 11*day)
	if got := w.state(t, o.ID); got != icp.StateExpired || count(w.notices.kinds(), order.NoticeExpireSoon) != 2 {
		t.Fatalf("31 days after the edit: %s, %v", got, w.notices.kinds())
	}
}

func TestTwoMissedCallsReturnTheOrderWithoutAReviewer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.submitted(t, "yunshan.cn")
	must(w.Claim(t.Context(), reviewer, o.ID))(t)
	must(w.RecordCall(t.Context(), reviewer, o.ID, "/subject/principal", icp.CallNoAnswer, "", ""))(t)
	w.run(t, 2*time.Hour)
	if got := w.state(t, o.ID); got != icp.StateProviderReview {
		t.Fatalf("after one missed call: %s", got)
	}
	must(w.RecordCall(t.Context(), reviewer, o.ID, "/subject/principal", icp.CallNoAnswer, "", ""))(t)
	w.run(t, 2*time.Hour)
	after := must(w.Order(t.Context(), w.applicant, o.ID))(t)
	if after.State != icp.StateChangesRequested || after.Data.Findings[0].Code != "review.unreached" {
		t.Fatalf("after two: %s %+v", after.State, after.Data.Findings)
	}
	if kinds := w.notices.kinds(); count(kinds, order.NoticeCallMissed) != 2 || count(kinds, order.NoticeReturnedUnreached) != 1 {
		t.Errorf("told: %v", kinds)
	}
}

func TestACallThatReachedSomebodyStopsTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.submitted(t, "yunshan.cn")
	must(w.Claim(t.Context(), reviewer, o.ID))(t)
	for _, outcome := range []icp.CallOutcome{icp.CallNoAnswer, icp.CallReached} {
		must(w.RecordCall(t.Context(), reviewer, o.ID, "/subject/principal", outcome, "", ""))(t)
		w.clock.Advance(time.Hour)
	}
	w.run(t, 5*time.Hour)
	if got := w.state(t, o.ID); got != icp.StateProviderReview {
		t.Fatalf("after a call that reached: %s", got)
	}
}

func count(kinds []string, kind string) int {
	n := 0
	for _, k := range kinds {
		if k == kind {
			n++
		}
	}
	return n
}
