package notify

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/sqlite"
	"github.com/openbeian/beian/internal/store/storetest"
)

// script is a sender that answers as it was told, and takes the message or
// does not, whatever it answers.
type script struct {
	mu           sync.Mutex
	deduplicates bool
	answers      []error // the last one stays
	sent         []Message
	taken        chan Message // each message that the sender was given
}

func newScript(deduplicates bool, answers ...error) *script {
	return &script{deduplicates: deduplicates, answers: answers, taken: make(chan Message, 64)}
}

func (s *script) Deduplicates() bool { return s.deduplicates }

func (s *script) Send(_ context.Context, m Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, m)
	s.taken <- m
	if len(s.answers) == 0 {
		return nil
	}
	answer := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	return answer
}

type fixture struct {
	*Service
	now       *clock.Manual
	mail, sms *script
	account   icp.AccountID
}

// applicant has both addresses and reads Chinese.
const applicant icp.AccountID = "acc-1"

func newFixture(t *testing.T, mail, sms *script, change ...func(*Options)) *fixture {
	t.Helper()
	return fixtureOn(t, storetest.NewSQLite(t), mail, sms, change...)
}

func fixtureOn(t *testing.T, st *store.Store, mail, sms *script, change ...func(*Options)) *fixture {
	t.Helper()
	f := &fixture{now: clock.NewManual(noon), mail: mail, sms: sms, account: applicant}
	o := options()
	o.Store, o.Clock, o.Senders = st, f.now, map[Medium]Sender{Mail: mail, SMS: sms}
	for _, c := range change {
		c(&o)
	}
	f.Service = New(o)
	f.update(t, func(tx *store.Tx) error {
		for _, a := range []store.Account{
			{ID: applicant, Mail: "zhang@example.com", Mobile: "13800000001", Lang: "zh-CN", CreatedAt: noon},
			{ID: "acc-2", Mail: "li@example.com", Lang: "en", CreatedAt: noon},
		} {
			if err := tx.InsertAccount(t.Context(), &a); err != nil {
				return err
			}
		}
		return nil
	})
	return f
}

func (f *fixture) update(t *testing.T, fn func(*store.Tx) error) {
	t.Helper()
	if err := f.Store.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) notify(t *testing.T, n Notice) {
	t.Helper()
	f.update(t, func(tx *store.Tx) error { return f.Notify(t.Context(), tx, n, f.now.Now()) })
}

// outgoing gives the rows that go out, by medium.
func (f *fixture) outgoing(t *testing.T) map[Medium]store.Notice {
	t.Helper()
	out := map[Medium]store.Notice{}
	err := f.Store.View(t.Context(), func(tx *store.Tx) error {
		rows, _, err := tx.OutgoingNotices(t.Context(), "", "", 100)
		for _, n := range rows {
			if _, twice := out[Medium(n.Medium)]; twice {
				t.Errorf("there are two rows of %s", n.Medium)
			}
			out[Medium(n.Medium)] = n
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func returned() Notice {
	return Notice{Account: applicant, Order: "261124-7K3M9QXR", Kind: "returned", Dedupe: "261124-7K3M9QXR/returned/3",
		Params: map[string]string{"domains": "example.com"}}
}

func TestNotifyWritesOneRowForEachMedium(t *testing.T) {
	t.Parallel()
	other := returned()
	other.Mail, other.Mobile = "Wang@EXAMPLE.com", "+86 138-0000-0009"
	english := returned()
	english.Account = "acc-2"
	for _, x := range []struct {
		rule      string
		n         Notice
		change    func(*Options)
		mail, sms string
		lang      string
	}{
		{"addresses are the account's", returned(), nil, "zhang@example.com", "13800000001", "zh-CN"},
		{"the person's address goes before the account's", other, nil, "Wang@example.com", "13800000009", "zh-CN"},
		{"who has no mobile gets no message, in the account's language", english, nil, "li@example.com", "", "en"},
		{"a medium that is not set up is not used", returned(), func(o *Options) { o.Senders = map[Medium]Sender{Mail: newScript(false)} }, "zhang@example.com", "", "zh-CN"},
		{"a medium that is not wanted is not used", returned(), func(o *Options) {
			o.Wants = func(a *store.Account, kind string, m Medium) bool {
				return a.ID != applicant || kind != "returned" || m == SMS
			}
		}, "", "13800000001", "zh-CN"},
	} {
		t.Run(x.rule, func(t *testing.T) {
			t.Parallel()
			if x.change == nil {
				x.change = func(*Options) {}
			}
			f := newFixture(t, newScript(false), newScript(true), x.change)
			f.notify(t, x.n)
			f.notify(t, x.n) // silently the same
			rows := f.outgoing(t)
			if rows[Mail].Address != x.mail || rows[SMS].Address != x.sms {
				t.Errorf("mail to %q, message to %q", rows[Mail].Address, rows[SMS].Address)
			}
			for m, n := range rows {
				if n.State != store.NoticeQueued || n.Lang != x.lang || n.Order != x.n.Order {
					t.Errorf("%s: %+v", m, n)
				}
			}
			if entries, _, err := f.ListForAccount(t.Context(), x.n.Account, "", 10); err != nil || len(entries) != 1 {
				t.Errorf("the console shows %d notices, %v", len(entries), err)
			}
		})
	}
}

func TestNotifyRefuses(t *testing.T) {
	t.Parallel()
	f := newFixture(t, newScript(false), newScript(true))
	for rule, change := range map[string]func(*Notice){
		"a kind without a text": func(n *Notice) { n.Kind = "retruned" },
		"an unknown account":    func(n *Notice) { n.Account = "nobody" },
	} {
		n := returned()
		change(&n)
		err := f.Store.Update(t.Context(), func(tx *store.Tx) error { return f.Notify(t.Context(), tx, n, noon) })
		if err == nil || len(f.outgoing(t)) != 0 {
			t.Errorf("%s is accepted: %v", rule, err)
		}
	}
}

func TestNothingIsToldWithoutACommit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, newScript(false), newScript(true))
	broken := errors.New("broken")
	err := f.Store.Update(t.Context(), func(tx *store.Tx) error {
		if err := f.Notify(t.Context(), tx, returned(), noon); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || len(f.outgoing(t)) != 0 {
		t.Errorf("rows stayed: %v", err)
	}
}

func TestSendCode(t *testing.T) {
	t.Parallel()
	f := newFixture(t, newScript(false), newScript(true))
	code := func(medium, target, code, purpose string) error {
		return f.Store.Update(t.Context(), func(tx *store.Tx) error {
			return f.SendCode(t.Context(), tx, medium, target, code, "fr", purpose)
		})
	}
	if err := code("mobile", "138 0000 0009", "483920", "sign_up"); err != nil {
		t.Fatal(err)
	}
	if err := code("mail", "new@example.com", "", "already"); err != nil {
		t.Fatal(err)
	}
	rows := f.outgoing(t)
	if n := rows[SMS]; n.Kind != "code.sign_up" || n.Address != "13800000009" || n.Params["code"] != "483920" || n.Account != "" || n.Lang != "zh-CN" {
		t.Errorf("code by message: %+v", n)
	}
	if n := rows[Mail]; n.Kind != "code.already" || n.Address != "new@example.com" || len(n.Params) != 0 {
		t.Errorf("word by mail: %+v", n)
	}
	if err := code("fax", "1", "483920", "sign_up"); !errors.Is(err, icp.E(icp.Unavailable, "notice.medium_off")) {
		t.Errorf("an unknown medium: %v", err)
	}
	if err := code("mail", "a@example.com", "483920", "sing_up"); err == nil {
		t.Error("an unknown purpose is accepted")
	}
}

// What goes out must not lie in the database in the clear: neither in the row
// nor in the job.
func TestCodesAndAddressesAreSealedInTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "beian.db")
	st, err := sqlite.Open(t.Context(), path, storetest.Box(), sqlite.Options{Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	secret := &Fault{Outcome: Later, Status: "451", Err: errors.New("no mailbox hidden@example.com")}
	f := fixtureOn(t, st, newScript(false, secret), newScript(true))
	f.update(t, func(tx *store.Tx) error {
		return f.SendCode(t.Context(), tx, "mail", "hidden@example.com", "QX483920", "zh-CN", "bind")
	})
	id := f.outgoing(t)[Mail].ID
	err = f.Send(t.Context(), id)
	if err == nil || bytes.Contains([]byte(err.Error()), []byte("hidden")) {
		t.Errorf("the error of the job, which is kept, is %v", err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte(id)) {
		t.Fatal("the row is not in the file, so this test proves nothing")
	}
	for _, plain := range []string{"QX483920", "hidden@example.com", "zhang@example.com"} {
		if bytes.Contains(file, []byte(plain)) {
			t.Errorf("%s lies in the file in the clear", plain)
		}
	}
}

func TestConsole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, testConsole)
}

func testConsole(t *testing.T, st *store.Store) {
	f := fixtureOn(t, st, newScript(false), newScript(true))
	for i, kind := range []string{"submitted", "returned", "filed"} {
		n := returned()
		n.Kind, n.Dedupe = kind, kind
		f.now.Advance(time.Duration(i+1) * time.Hour)
		f.notify(t, n)
	}
	first, next, err := f.ListForAccount(t.Context(), applicant, "", 2)
	if err != nil || len(first) != 2 || next == "" {
		t.Fatalf("%d entries, next %q, %v", len(first), next, err)
	}
	rest, end, err := f.ListForAccount(t.Context(), applicant, next, 2)
	if err != nil || len(rest) != 1 || end != "" {
		t.Fatalf("%d entries, next %q, %v", len(rest), end, err)
	}
	if e := first[1]; e.Kind != "returned" || e.Order != "261124-7K3M9QXR" || e.Read || e.Title != "备案订单 261124-7K3M9QXR 需要您修改" ||
		!bytes.Contains([]byte(e.Text), []byte("https://beian.example.com/orders/261124-7K3M9QXR")) {
		t.Errorf("entry %+v", e)
	}
	read := func(account icp.AccountID) (unread int) {
		t.Helper()
		if err := f.MarkRead(t.Context(), account, rest[0].ID); err != nil {
			t.Fatal(err)
		}
		unread, err := f.Unread(t.Context(), applicant)
		if err != nil {
			t.Fatal(err)
		}
		return unread
	}
	if n := read("acc-2"); n != 3 {
		t.Errorf("another account read it: %d unread", n)
	}
	if n := read(applicant); n != 2 {
		t.Errorf("%d unread after one was read", n)
	}
}
