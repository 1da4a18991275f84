package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

var lin = icp.Principal{Name: "林夏", CertificateType: icp.CertResidentID, CertificateNumber: "110101199003074477", CertificateUntil: "2036-01-01",
	Role: icp.RoleAuthorised, Mobile: "13700137000", OfficePhone: "010-87654322", EmergencyPhone: "13900139001", Email: "lin@example.com"}

// two makes an order that the authority has, with the subject's principal for the
// first website and Lin for the second.
func (w *world) two(t testing.TB) *icp.Order {
	t.Helper()
	o := w.filled(t, "yunshan.cn", "yunshan.com")
	first, second := o.Data.Websites[0], o.Data.Websites[1]
	first.SameAsSubject, second.SameAsSubject, second.Principal = true, false, lin
	o = must(w.UpdateWebsite(t.Context(), w.applicant, o.ID, o.Version, first))(t)
	o = must(w.UpdateWebsite(t.Context(), w.applicant, o.ID, o.Version, second))(t)
	for _, kind := range []icp.MaterialKind{icp.MaterialWebsitePrincipalFront, icp.MaterialWebsitePrincipalBack} {
		var err error
		if o, _, err = w.AddMaterial(t.Context(), w.applicant, o.ID, casework.NewMaterial{Kind: kind, Website: second.ID, FileName: "a.png", Bytes: picture()}); err != nil {
			t.Fatal(err)
		}
	}
	o = must(w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("", agreed...)))(t)
	must(w.Claim(t.Context(), reviewer, o.ID))(t)
	o = must(w.RecordCall(t.Context(), reviewer, o.ID, "/subject/principal", icp.CallReached, "", ""))(t)
	must(w.Approve(t.Context(), reviewer, o.ID, o.Version))(t)
	return w.accept(t, o.ID, 1)
}

// accept lets the authority take an order that is ready.
func (w *world) accept(t testing.TB, id icp.OrderID, sequence int64) *icp.Order {
	t.Helper()
	w.update(t, func(tx *store.Tx) error { return w.Batched(t.Context(), tx, id, sequence) })
	w.update(t, func(tx *store.Tx) error { return w.Accepted(t.Context(), tx, id, sequence) })
	return w.read(t, id)
}

func (w *world) read(t testing.TB, id icp.OrderID) *icp.Order {
	t.Helper()
	return must(w.Order(t.Context(), w.applicant, id))(t)
}

// states tells the checks of the last round, such as "done/applicant waiting/".
func states(o *icp.Order) string {
	var out []string
	for _, c := range o.SMSChecks() {
		out = append(out, string(c.State)+"/"+string(c.Word.By))
	}
	return strings.Join(out, " ")
}

func (w *world) wantSMS(t testing.TB, id icp.OrderID, state icp.State, checks string) *icp.Order {
	t.Helper()
	o := w.read(t, id)
	if o.State != state || states(o) != checks {
		t.Fatalf("%s with %q, want %s with %q", o.State, states(o), state, checks)
	}
	return o
}

func TestTheMessageCheckRunsOutForWhoDidNotVerify(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorldOn(t, s)
		o := w.two(t)
		if got := o.SMSChecks(); len(got) != 2 || got[0].ID != "1-1" || got[0].Mobile != "13800138000" || got[1].Name != "林夏" || got[1].Tail() != "7000" {
			t.Fatalf("who verifies: %+v", got)
		}
		w.run(t, 5*time.Hour)
		must(w.ConfirmSMS(t.Context(), w.applicant, o.ID, casework.SMSSaid{Check: "1-1"}))(t)
		w.wantSMS(t, o.ID, icp.StateSMSPending, "done/applicant waiting/")
		w.run(t, 18*time.Hour+59*time.Minute)
		w.wantSMS(t, o.ID, icp.StateSMSPending, "done/applicant waiting/")
		w.run(t, time.Minute)
		o = w.wantSMS(t, o.ID, icp.StateReturnedToProvider, "done/applicant timed_out/")
		f := o.Data.Findings
		if len(f) != 1 || f[0].Code != order.SMSCodeTimedOut || f[0].Pointer != "/websites/1/principal/mobile" || f[0].Params["name"] != "林*" || f[0].Params["tail"] != "7000" {
			t.Errorf("the reason: %+v", f)
		}
		last := w.notices.sent[len(w.notices.sent)-1]
		if last.Kind != order.NoticeSMSTimedOut || last.Params["people"] != "林* (7000)" {
			t.Errorf("told at the end: %+v", last)
		}
	})
}

func TestWhoVerifiedIsNotRemindedAndNightsAreQuiet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.Advance(4 * time.Hour) // 16:00 in Beijing
	o := w.two(t)
	begun := w.clock.Now()
	told := 0
	for range 24 * 4 {
		for _, n := range w.notices.sent[told:] {
			if n.Kind != order.NoticeSMSDue && n.Kind != order.NoticeSMSSoon && n.Kind != order.NoticeSMSPerson {
				continue
			}
			if hour := w.clock.Now().In(clock.Shanghai).Hour(); (hour >= 22 || hour < 8) && w.clock.Now().Sub(begun) < 23*time.Hour {
				t.Errorf("%s at %d o'clock", n.Kind, hour)
			}
		}
		told = len(w.notices.sent)
		if w.clock.Now().Sub(begun) == 6*time.Hour {
			must(w.ConfirmSMS(t.Context(), w.applicant, o.ID, casework.SMSSaid{Check: "1-1"}))(t)
		}
		w.run(t, 15*time.Minute)
	}
	to := map[string]int{}
	for _, n := range w.notices.sent {
		switch n.Kind {
		case order.NoticeSMSDue, order.NoticeSMSSoon:
			if n.Direct || n.Mobile != "" {
				t.Errorf("to the account: %+v", n)
			}
			to[n.Kind]++
		case order.NoticeSMSPerson:
			if !n.Direct {
				t.Errorf("to the person: %+v", n)
			}
			to[n.Mobile]++
		}
	}
	if to[order.NoticeSMSDue] != 1 || to[order.NoticeSMSSoon] != 4 || to["13800138000"] != 2 || to["13700137000"] != 5 {
		t.Errorf("told %v", to)
	}
	w.wantSMS(t, o.ID, icp.StateReturnedToProvider, "done/applicant timed_out/")
}

func TestAfterAnOutageOneReminderIsEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.two(t) // at noon
	before := len(w.notices.sent)
	w.run(t, 21*time.Hour)
	if got := count(w.notices.kinds()[before:], order.NoticeSMSSoon); got != 1 {
		t.Errorf("%d reminders at once", got)
	}
	before = len(w.notices.sent)
	w.run(t, 10*time.Hour)
	if kinds := w.notices.kinds()[before:]; !slices.Equal(kinds, []string{order.NoticeSMSTimedOut}) {
		t.Errorf("after the end: %v", kinds)
	}
	w.wantSMS(t, o.ID, icp.StateReturnedToProvider, "timed_out/ timed_out/")
}

func TestStaffSayOfWhomTheyHeardIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.two(t)
	if _, err := w.ConfirmSMS(t.Context(), reviewer, o.ID, casework.SMSSaid{Check: "1-2"}); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("without a source: %v", err)
	}
	if _, err := w.ConfirmSMS(t.Context(), reviewer, o.ID, casework.SMSSaid{Check: "9-9", From: icp.SMSFromPerson}); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("of nobody: %v", err)
	}
	if _, err := w.ConfirmSMS(t.Context(), w.stranger, o.ID, casework.SMSSaid{}); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("by a stranger: %v", err)
	}
	for range 2 { // the second says nothing new
		must(w.ConfirmSMS(t.Context(), reviewer, o.ID, casework.SMSSaid{Check: "1-2", From: icp.SMSFromPerson}))(t)
	}
	o = w.wantSMS(t, o.ID, icp.StateSMSPending, "waiting/ done/provider")
	if word := o.SMSChecks()[1].Word; word.From != icp.SMSFromPerson || word.Account != reviewer.Account {
		t.Errorf("whose word: %+v", word)
	}
	must(w.ConfirmSMS(t.Context(), w.applicant, o.ID, casework.SMSSaid{}))(t)
	w.wantSMS(t, o.ID, icp.StateAuthorityReview, "done/applicant done/provider")
}

func TestTheAuthoritysResultSettlesEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.two(t)
	a, b := o.Data.Websites[0].ID, o.Data.Websites[1].ID
	w.results(t, o.ID, casework.SiteResult{Website: a, LicenceNo: "京ICP备2024012345号-2"})
	w.wantSMS(t, o.ID, icp.StateAuthorityReview, "done/authority done/authority")
	w.results(t, o.ID, casework.SiteResult{Website: b}) // a refusal without words is one here: the check was passed
	w.wantSMS(t, o.ID, icp.StateAuthorityRejected, "done/authority done/authority")
}

func (w *world) results(t testing.TB, id icp.OrderID, r ...casework.SiteResult) {
	t.Helper()
	w.update(t, func(tx *store.Tx) error { return w.Results(t.Context(), tx, id, "京ICP备2024012345号", r) })
}

func (w *world) bounced(t testing.TB, id icp.OrderID, code int) {
	t.Helper()
	w.update(t, func(tx *store.Tx) error {
		return w.Bounced(t.Context(), tx, id, []casework.DataError{{Code: code, Text: "x"}})
	})
}

func TestAReturnWithoutAnOpinionIsTheEndOfTheCheck(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		said, later time.Duration // when all was said to be done, 0 for never; when the return came
		back        func(t *testing.T, w *world, o *icp.Order)
		state       icp.State
		checks      string
	}{
		"a code that names no fault, in the check": {0, 2 * time.Hour, code(1999), icp.StateReturnedToProvider, "timed_out/authority timed_out/authority"},
		"a refusal without words, in the check": {0, 2 * time.Hour, func(t *testing.T, w *world, o *icp.Order) {
			w.results(t, o.ID, casework.SiteResult{Website: o.Data.Websites[0].ID}, casework.SiteResult{Website: o.Data.Websites[1].ID})
		}, icp.StateReturnedToProvider, "timed_out/authority timed_out/authority"},
		"after a day, though all was said to be done": {time.Hour, 25 * time.Hour, code(5999), icp.StateReturnedToProvider, "unknown/applicant unknown/applicant"},
		"a code that names a fault":                   {0, 2 * time.Hour, code(1005), icp.StateReturnedToProvider, "unknown/ unknown/"},
		"long after the end it is something else":     {time.Hour, 200 * time.Hour, code(1999), icp.StateReturnedToProvider, "done/applicant done/applicant"},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.two(t)
			if c.said > 0 {
				w.run(t, c.said)
				must(w.ConfirmSMS(t.Context(), w.applicant, o.ID, casework.SMSSaid{}))(t)
			}
			w.clock.Advance(c.later - c.said)
			for range 2 {
				c.back(t, w, o)
			}
			o = w.wantSMS(t, o.ID, c.state, c.checks)
			failed := strings.HasPrefix(c.checks, "timed_out") || strings.HasPrefix(c.checks, "unknown/applicant")
			if got := order.SMSFailed(o); got != failed {
				t.Errorf("can be sent again: %v, findings %+v", got, o.Data.Findings)
			}
		})
	}
}

func code(n int) func(*testing.T, *world, *icp.Order) {
	return func(t *testing.T, w *world, o *icp.Order) { w.bounced(t, o.ID, n) }
}

func TestAnOrderWhoseCheckFailedIsSentAgainAsItIs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorldOn(t, s)
		o := w.two(t)
		w.run(t, 24*time.Hour)
		o = w.wantSMS(t, o.ID, icp.StateReturnedToProvider, "timed_out/ timed_out/")
		woken := w.authority.woken
		w.rules.says = rules.Result{Findings: []icp.Finding{{Pointer: "/websites/0/name", Severity: icp.SeverityError, Rule: "r", Code: "rule.name.short"}}}
		var e *icp.Error
		if _, err := w.ResendSMS(t.Context(), w.applicant, o.ID, o.Version); !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Pointer != "/websites/0/name" {
			t.Fatalf("against a new rule: %v", err)
		}
		if w.authority.woken != woken {
			t.Error("the gateway was woken for nothing")
		}
		w.rules.says = rules.Result{}
		if _, err := w.ResendSMS(t.Context(), w.stranger, o.ID, o.Version); !errors.Is(err, icp.ErrNotFound) {
			t.Errorf("by a stranger: %v", err)
		}
		o = must(w.ResendSMS(t.Context(), w.applicant, o.ID, o.Version))(t)
		if o.State != icp.StateReady || len(o.Data.Findings) != 0 || w.authority.woken != woken+1 {
			t.Fatalf("sent again: %s, %+v, woken %d", o.State, o.Data.Findings, w.authority.woken)
		}
		w.bounced(t, o.ID, 1999) // the authority tells the end of the first round now
		o = w.accept(t, o.ID, 2)
		w.bounced(t, o.ID, 1999) // or now
		o = w.wantSMS(t, o.ID, icp.StateSMSPending, "waiting/ waiting/")
		if len(o.Data.SMS) != 4 || o.Data.SMS[0].State != icp.SMSTimedOut || o.SMSChecks()[0].ID != "2-1" {
			t.Errorf("rounds: %+v", o.Data.SMS)
		}
		if got := count(w.notices.kinds(), order.NoticeSMSDue); got != 2 {
			t.Errorf("told at the beginning of %d rounds", got)
		}
		w.run(t, 24*time.Hour)
		o = w.wantSMS(t, o.ID, icp.StateReturnedToProvider, "timed_out/ timed_out/")
		o = must(w.Withdraw(t.Context(), w.applicant, o.ID, o.Version))(t)
		if o.State != icp.StateDraft {
			t.Errorf("taken back to change a number: %s", o.State)
		}
	})
}

func TestALateApprovalFindsAnOrderThatIsOnItsWayAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.two(t)
	w.run(t, 24*time.Hour)
	o = w.read(t, o.ID)
	must(w.ResendSMS(t.Context(), w.applicant, o.ID, o.Version))(t)
	w.results(t, o.ID, casework.SiteResult{Website: o.Data.Websites[0].ID, LicenceNo: "京ICP备2024012345号-2"},
		casework.SiteResult{Website: o.Data.Websites[1].ID, LicenceNo: "京ICP备2024012345号-3"})
	w.wantSMS(t, o.ID, icp.StateFiled, "done/authority done/authority")
}
