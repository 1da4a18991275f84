package notify

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/jobs"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

func TestAnswersOfSenders(t *testing.T) {
	t.Parallel()
	refused := &Fault{Outcome: Refused, Status: "550 5.1.1"}
	later := &Fault{Outcome: Later, Code: "unreachable"}
	lost := &Fault{Outcome: Lost}
	for _, x := range []struct {
		rule         string
		deduplicates bool
		answer       error
		state        store.NoticeState
		lastError    string
		again        bool // the job asks for another run
	}{
		{"taken is sent", false, nil, store.NoticeSent, "", false},
		{"refused is final", false, refused, store.NoticeFailed, "refused 550 5.1.1", false},
		{"not now is tried again", false, later, store.NoticeQueued, "unreachable", true},
		{"a lost answer is not sent again where repetitions arrive", false, lost, store.NoticeUnknown, "lost", false},
		{"a lost answer is sent again where repetitions are dropped", true, lost, store.NoticeQueued, "lost", true},
		{"an error without an outcome counts as lost", false, errors.New("?"), store.NoticeUnknown, "lost", false},
	} {
		t.Run(x.rule, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, newScript(x.deduplicates, x.answer), newScript(true))
			f.notify(t, returned())
			id := f.outgoing(t)[Mail].ID
			if err := f.Send(t.Context(), id); (err != nil) != x.again {
				t.Errorf("the job returned %v", err)
			}
			n := f.outgoing(t)[Mail]
			if n.State != x.state || n.LastError != x.lastError || n.Tries != 1 {
				t.Errorf("the row is %s %q after %d tries", n.State, n.LastError, n.Tries)
			}
			if !n.SentAt.IsZero() != (x.state == store.NoticeSent) {
				t.Errorf("sent at %v", n.SentAt)
			}
			if m := f.mail.sent[0]; m.Ref != id || m.To != "zhang@example.com" || m.Subject == "" || m.HTML == "" || !m.At.Equal(noon) {
				t.Errorf("message %+v", m)
			}
			if x.again {
				return
			}
			if err := f.Send(t.Context(), id); err != nil || len(f.mail.sent) != 1 {
				t.Errorf("a second run sent again: %d, %v", len(f.mail.sent), err)
			}
		})
	}
}

// crash leaves a row as a process that ended before the answer was recorded
// does: claimed, and the message gone or not.
func (f *fixture) crash(t *testing.T, sent bool) (id string) {
	t.Helper()
	f.notify(t, returned())
	id = f.outgoing(t)[Mail].ID
	n, ready, err := f.claim(t.Context(), id)
	if err != nil || !ready {
		t.Fatalf("claim: %v, %v", ready, err)
	}
	if sent {
		if fault := f.try(t.Context(), &n); fault != nil {
			t.Fatal(fault)
		}
	}
	return id
}

func TestACrashWhileSendingNeverSendsTwice(t *testing.T) {
	t.Parallel()
	for _, sent := range []bool{false, true} {
		f := newFixture(t, newScript(false), newScript(true))
		id := f.crash(t, sent)
		if err := f.Send(t.Context(), id); err != nil {
			t.Error(err)
		}
		n := f.outgoing(t)[Mail]
		if n.State != store.NoticeUnknown || n.LastError != "interrupted" {
			t.Errorf("sent %v: the row is %s %q", sent, n.State, n.LastError)
		}
		if len(f.mail.sent) > 1 || (len(f.mail.sent) == 1) != sent {
			t.Errorf("sent %v: %d messages left", sent, len(f.mail.sent))
		}
	}
}

func TestACrashWhileSendingRepeatsUnderTheSameRef(t *testing.T) {
	t.Parallel()
	f := newFixture(t, newScript(true), newScript(true))
	id := f.crash(t, true)
	if err := f.Send(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if n := f.outgoing(t)[Mail]; n.State != store.NoticeSent || n.Tries != 2 {
		t.Errorf("the row is %s after %d tries", n.State, n.Tries)
	}
	if m := f.mail.sent; len(m) != 2 || m[0].Ref != m[1].Ref || m[0].Ref != id {
		t.Errorf("messages %+v", m)
	}
}

func TestAnAnswerAfterTheRowWasTakenForInterruptedCounts(t *testing.T) {
	t.Parallel()
	f := newFixture(t, newScript(false), newScript(true))
	f.notify(t, returned())
	id := f.outgoing(t)[Mail].ID
	n, _, err := f.claim(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Send(t.Context(), id); err != nil { // a second run of the job finds "sending"
		t.Fatal(err)
	}
	if err := f.record(t.Context(), &n, nil); err != nil {
		t.Fatal(err)
	}
	if n := f.outgoing(t)[Mail]; n.State != store.NoticeSent {
		t.Errorf("the row is %s", n.State)
	}
}

func TestTheAnswerIsRecordedWhileTheProcessEnds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, newScript(false), newScript(true))
	f.notify(t, returned())
	id := f.outgoing(t)[Mail].ID
	n, _, err := f.claim(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.record(ended, &n, nil); err != nil {
		t.Fatal(err)
	}
	if n := f.outgoing(t)[Mail]; n.State != store.NoticeSent {
		t.Errorf("the row is %s", n.State)
	}
}

func TestTriesAreBounded(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		rule  string
		fault *Fault
		state store.NoticeState
	}{
		{"certainly not sent ends as failed", &Fault{Outcome: Later}, store.NoticeFailed},
		{"perhaps sent ends as unknown", &Fault{Outcome: Lost}, store.NoticeUnknown},
	} {
		f := newFixture(t, newScript(false), newScript(true, x.fault))
		f.notify(t, returned())
		id := f.outgoing(t)[SMS].ID
		for i := range maxTries + 2 {
			if err := f.Send(t.Context(), id); (err != nil) != (i < maxTries-1) {
				t.Errorf("%s: run %d returned %v", x.rule, i+1, err)
			}
		}
		if n := f.outgoing(t)[SMS]; n.State != x.state || len(f.sms.sent) != maxTries {
			t.Errorf("%s: %s after %d messages", x.rule, n.State, len(f.sms.sent))
		}
	}
}

func TestACodeThatRanOutIsNotSent(t *testing.T) {
	t.Parallel()
	f := newFixture(t, newScript(false), newScript(true))
	f.update(t, func(tx *store.Tx) error {
		return f.SendCode(t.Context(), tx, "mail", "a@example.com", "483920", "zh-CN", "bind")
	})
	f.now.Advance(f.Terms.CodeLife)
	id := f.outgoing(t)[Mail].ID
	if err := f.Send(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if n := f.outgoing(t)[Mail]; n.State != store.NoticeFailed || n.LastError != "too_late" || len(f.mail.sent) != 0 {
		t.Errorf("the row is %s %q, %d messages", n.State, n.LastError, len(f.mail.sent))
	}
	if err := f.Retry(t.Context(), icp.Actor{Account: "staff"}, id); !errors.Is(err, icp.E(icp.NotNow, "notice.code_not_again")) {
		t.Errorf("a code is sent again: %v", err)
	}
}

func TestARowThatIsGoneIsLeftAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, newScript(false), newScript(true))
	if err := f.Send(t.Context(), "none"); err != nil {
		t.Error(err)
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, testRetry)
}

func testRetry(t *testing.T, st *store.Store) {
	f := fixtureOn(t, st, newScript(false, &Fault{Outcome: Refused, Status: "550"}, nil), newScript(true))
	operator := icp.Actor{Account: "staff-1", Party: icp.Provider, Roles: []string{"operator"}}
	f.notify(t, returned())
	id := f.outgoing(t)[Mail].ID
	if err := f.Retry(t.Context(), operator, id); !errors.Is(err, icp.E(icp.NotNow, "notice.sent_already")) {
		t.Errorf("a queued row: %v", err)
	}
	if err := f.Retry(t.Context(), operator, "none"); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("no row: %v", err)
	}
	if err := f.Send(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	failed, _, err := f.ListAll(t.Context(), store.NoticeFailed, "", 10)
	if err != nil || len(failed) != 1 {
		t.Fatalf("%d failed, %v", len(failed), err)
	}
	if d := failed[0]; d.Address != "z***@example.com" || d.Error != "refused" || d.Status != "550" || d.Tries != 1 || !d.CanRetry || d.Medium != Mail {
		t.Errorf("the operator sees %+v", d)
	}
	if err := f.Retry(t.Context(), operator, id); err != nil {
		t.Fatal(err)
	}
	if err := f.Send(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if n := f.outgoing(t)[Mail]; n.State != store.NoticeSent || n.Tries != 1 {
		t.Errorf("the row is %s after %d tries", n.State, n.Tries)
	}
	err = f.Store.View(t.Context(), func(tx *store.Tx) error {
		events, _, err := tx.EventsOf(t.Context(), "notice", id, "", 10)
		if err != nil || len(events) != 1 {
			t.Errorf("%d audit events, %v", len(events), err)
			return err
		}
		var detail map[string]string
		e := events[0]
		if err := json.Unmarshal(e.Detail, &detail); err != nil || e.Action != "notice.retried" || e.Actor != "staff-1" || e.ActorRole != "operator" || detail["from"] != "failed" {
			t.Errorf("audit event %+v, %v", e, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"zhang@example.com": "z***@example.com", "@x": "***@x", "13800000001": "138****0001", "123": "***", "": "***"} {
		if got := mask(address); got != want {
			t.Errorf("mask(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestTheQueueSendsAfterTheCommit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, newScript(false), newScript(true))
	workers := river.NewWorkers()
	river.AddWorker(workers, NewWorker(f.Service))
	runner, err := jobs.New(f.Store, workers, nil, slog.New(slog.DiscardHandler), jobs.Config{Poll: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.notify(t, returned())
	f.notify(t, returned())
	for name, s := range map[string]*script{"mail": f.mail, "sms": f.sms} {
		select {
		case m := <-s.taken:
			if m.Kind != "returned" {
				t.Errorf("%s: %+v", name, m)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s was not sent", name)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := runner.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	for m, n := range f.outgoing(t) {
		if n.State != store.NoticeSent {
			t.Errorf("%s is %s", m, n.State)
		}
	}
	if len(f.mail.sent) != 1 || len(f.sms.sent) != 1 {
		t.Errorf("%d mails, %d messages", len(f.mail.sent), len(f.sms.sent))
	}
}
