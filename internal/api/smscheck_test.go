package api

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// TestTheCheckByMessageByHandlers takes an order that the authority accepted through
// the check: who reads what, who may say what, and one click after its end.
func TestTheCheckByMessageByHandlers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	s.account("shen@example.com", access.Reviewer)
	s.account("qian@example.com", access.Admin)
	f := s.signedIn("li@example.com").begin("yunshan-keji.cn")
	f.fill()
	f.answered(f.submit(f.consents(), "Idempotency-Key", "s1"))
	reviewer := &files{client: s.signedIn("shen@example.com")}
	reviewer.order.ID = f.order.ID
	reviewer.answered(reviewer.change("POST", "/claim", nil))
	reviewer.answered(reviewer.change("POST", "/calls", map[string]string{"whom": "/subject/principal", "outcome": "reached"}))
	reviewer.answered(reviewer.change("POST", "/approval", nil))
	accept := func(sequence int64) {
		t.Helper()
		for _, step := range []func(context.Context, *store.Tx, icp.OrderID, int64) error{s.deps.Cases.Batched, s.deps.Cases.Accepted} {
			if err := s.store.Update(t.Context(), func(tx *store.Tx) error { return step(t.Context(), tx, f.order.ID, sequence) }); err != nil {
				t.Fatal(err)
			}
		}
		f.answered(f.do("GET", f.path(""), ""))
	}
	accept(1)
	if len(f.order.SMS) != 1 {
		t.Fatalf("checks %+v", f.order.SMS)
	}
	check := f.order.SMS[0]
	if name := f.order.Subject.Principal.Name; check.Name == name || !strings.Contains(check.Name, "*") || len(check.Tail) != 4 || check.State != icp.SMSWaiting ||
		check.Subject || len(check.Websites) != 1 || check.Websites[0].Domain != "yunshan-keji.cn" {
		t.Errorf("as the applicant reads it: %+v", check)
	}
	faulty(t, f.change("POST", "/sms-confirmation", map[string]string{"check": "7-7"}), "/check", "sms.no_such_check")
	faulty(t, reviewer.change("POST", "/sms-confirmation", map[string]string{"check": check.ID}), "/from", "sms.source_missing")
	admin := s.signedIn("qian@example.com")
	refused(t, admin.do("POST", f.path("/sms-confirmation"), "{}"), http.StatusForbidden, "not_allowed")
	refused(t, f.change("POST", "/sms-resend", nil), http.StatusConflict, "order.not_in_this_state")

	err := s.store.Update(t.Context(), func(tx *store.Tx) error { // without an opinion
		return s.deps.Cases.Bounced(t.Context(), tx, f.order.ID, []casework.DataError{{Code: 1999}})
	})
	if err != nil {
		t.Fatal(err)
	}
	f.answered(f.do("GET", f.path(""), ""))
	if f.order.State != icp.StateReturnedToProvider || f.order.WaitingOn != icp.Applicant || f.order.SMSResend == nil || !f.order.SMSResend.Possible ||
		!strings.Contains(f.order.Findings[0].Message, check.Tail) {
		t.Fatalf("after its end: %s, %+v, %+v", f.order.State, f.order.SMSResend, f.order.Findings)
	}
	if f.answered(f.change("POST", "/sms-resend", nil)); f.order.State != icp.StateReady || f.order.SMSResend != nil {
		t.Fatalf("sent again: %s", f.order.State)
	}
	accept(2)
	reviewer.answered(reviewer.do("GET", f.path(""), ""))
	reviewer.answered(reviewer.change("POST", "/sms-confirmation", map[string]string{"check": "2-1", "from": "person"}))
	if last := reviewer.order.SMS[1]; reviewer.order.State != icp.StateAuthorityReview || last.By != icp.Provider || last.From != icp.SMSFromPerson || last.At == nil {
		t.Errorf("noted by staff: %s, %+v", reviewer.order.State, last)
	}
	if f.answered(f.do("GET", f.path(""), "")); f.order.SMS[1].From != "" {
		t.Errorf("the applicant reads of whom staff heard it: %+v", f.order.SMS[1])
	}
}
