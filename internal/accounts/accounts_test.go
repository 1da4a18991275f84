package accounts_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

const (
	login    = "zhao@example.com"
	password = "three grey herons"
)

// sent is a message that went out.
type sent struct{ medium, target, code, purpose string }

type fixture struct {
	*accounts.Accounts
	t     *testing.T
	clock *clock.Manual
	mu    sync.Mutex
	sent  []sent
	fail  error // what SendCode returns
}

func (f *fixture) SendCode(_ context.Context, _ *store.Tx, medium, target, code, _, purpose string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, sent{medium, target, code, purpose})
	return f.fail
}

func (f *fixture) last() sent {
	if len(f.sent) == 0 {
		return sent{}
	}
	return f.sent[len(f.sent)-1]
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{t: t, clock: clock.NewManual(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC))}
	f.Accounts = &accounts.Accounts{Store: storetest.NewSQLite(t), Clock: f.clock, Tables: refdata.Builtin(), Codes: f, Terms: accounts.DefaultTerms()}
	return f
}

func (f *fixture) ask(purpose, target, ip string) error {
	return f.RequestCode(f.t.Context(), accounts.CodeRequest{Purpose: purpose, Target: target, IP: ip, Lang: "zh-CN"})
}

func (f *fixture) signUp(login string) store.Account {
	f.t.Helper()
	if err := f.ask(accounts.SignUpCode, login, "192.0.2.1"); err != nil {
		f.t.Fatal(err)
	}
	a, err := f.SignUp(f.t.Context(), accounts.NewAccount{Login: login, Code: f.last().code, Password: password})
	if err != nil {
		f.t.Fatal(err)
	}
	return a
}

// wants checks an error's kind, code and, for faults of fields, the first one.
func wants(t *testing.T, err error, kind icp.Kind, code string) {
	t.Helper()
	var e *icp.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Fatalf("got %v, want %s %s", err, kind, code)
	}
	got := e.Code
	if len(e.Fields) > 0 {
		got = e.Fields[0].Pointer + ":" + e.Fields[0].Code
	}
	if got != code {
		t.Fatalf("got %s, want %s", got, code)
	}
}

func TestParseLogin(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct{ in, kind, value, code string }{
		"capitals do not count":         {" Zhao@Example.COM", "mail", "zhao@example.com", ""},
		"a full-width @":                {"zhao＠example.com", "mail", "zhao@example.com", ""},
		"a number with country code":    {"+86 139-0000-0000", "mobile", "13900000000", ""},
		"full-width digits":             {"１３９００００００００", "mobile", "13900000000", ""},
		"a number of a virtual carrier": {"17000000000", "mobile", "17000000000", ""},
		"nothing":                       {" ", "", "", "/x:login.missing"},
		"a short number":                {"139", "", "", "/x:phone.mobile.form"},
		"a name alone":                  {"zhao", "", "", "/x:email.length"},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			l, err := accounts.ParseLogin("/x", c.in)
			if c.code != "" {
				wants(t, err, icp.Invalid, c.code)
				return
			}
			if err != nil || l.Kind != c.kind || l.Value != c.value {
				t.Errorf("%+v, %v", l, err)
			}
		})
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"zhao@example.com": "z***@example.com", "13900001234": "139****1234", "@x": "***@x", "12": "**", "": ""} {
		if got := accounts.Mask(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestCodesTellNothingAboutAccounts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp(login)
	f.clock.Advance(2 * time.Minute)
	n := len(f.sent)
	if err := f.ask(accounts.SignUpCode, login, "192.0.2.2"); err != nil || f.last() != (sent{accounts.Mail, login, "", accounts.AlreadyNotice}) {
		t.Errorf("a taken log-in: %v, %+v", err, f.last())
	}
	if err := f.ask(accounts.ResetCode, "nobody@example.com", "192.0.2.2"); err != nil || len(f.sent) != n+1 {
		t.Errorf("a reset for nobody: %v, %d messages", err, len(f.sent)-n)
	}
	for _, target := range []string{login, "nobody@example.com"} {
		_, err := f.SignUp(t.Context(), accounts.NewAccount{Login: target, Code: "", Password: password})
		if target == login {
			wants(t, err, icp.Invalid, "/code:code.wrong")
		}
		if err := f.ask(accounts.ResetCode, target, "192.0.2.2"); target != login {
			wants(t, err, icp.Limited, "")
		}
	}
}

func TestCodeLife(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	try := func(code string) error {
		_, err := f.SignUp(t.Context(), accounts.NewAccount{Login: "13900000000", Code: code, Password: password})
		return err
	}
	wants(t, try("123456"), icp.Invalid, "/code:code.wrong") // none was sent
	if err := f.ask(accounts.SignUpCode, "139 0000 0000", "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	good := f.last().code
	if f.last().medium != accounts.SMS || len(good) != 6 {
		t.Fatalf("sent %+v", f.last())
	}
	f.clock.Advance(10 * time.Minute)
	wants(t, try(good), icp.Invalid, "/code:code.expired")
	if err := f.ask(accounts.SignUpCode, "13900000000", "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	good = f.last().code
	for range 5 {
		wants(t, try("x"+good[1:]), icp.Invalid, "/code:code.wrong")
	}
	wants(t, try(good), icp.Invalid, "/code:code.spent")
	f.clock.Advance(2 * time.Minute)
	if err := f.ask(accounts.SignUpCode, "13900000000", "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	good = f.last().code
	if err := try(good[:3] + " " + good[3:]); err != nil {
		t.Fatalf("the code with a space: %v", err)
	}
	_, err := f.SignUp(t.Context(), accounts.NewAccount{Login: "13900000000", Code: good, Password: password})
	wants(t, err, icp.Invalid, "/code:code.expired")
}

func TestCodesAreLimited(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if err := f.ask(accounts.SignUpCode, login, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	wants(t, f.ask(accounts.SignUpCode, login, "192.0.2.9"), icp.Limited, "")
	for range 4 {
		f.clock.Advance(time.Minute)
		if err := f.ask(accounts.SignUpCode, login, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
	}
	f.clock.Advance(time.Minute)
	wants(t, f.ask(accounts.SignUpCode, login, "192.0.2.9"), icp.Limited, "")
	f.Terms.CodesPerHourIP = 6
	if err := f.ask(accounts.SignUpCode, "a@example.com", "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	wants(t, f.ask(accounts.SignUpCode, "b@example.com", "192.0.2.1"), icp.Limited, "")
	f.clock.Advance(time.Hour)
	if err := f.ask(accounts.SignUpCode, login, "192.0.2.1"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestACodeThatCannotBeSentLeavesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.fail = icp.ErrUnavailable
	if err := f.ask(accounts.SignUpCode, login, "192.0.2.1"); !errors.Is(err, icp.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	f.fail = nil
	if err := f.ask(accounts.SignUpCode, login, "192.0.2.1"); err != nil {
		t.Errorf("the failed one counted: %v", err)
	}
}

func TestGuessesAtOnceAllCount(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.signUp(login)
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			_, err := f.SignIn(t.Context(), accounts.Credentials{Login: login, Password: "wrong", IP: "192.0.2.1"})
			if err == nil {
				t.Error("a wrong password signs in")
			}
		})
	}
	wg.Wait()
	_, err := f.SignIn(t.Context(), accounts.Credentials{Login: login, Password: password, IP: "192.0.2.1"})
	wants(t, err, icp.Limited, "account.locked")
	var e *icp.Error
	if errors.As(err, &e); e.Params["minutes"] != "15" || e.RetryAfter != 15*time.Minute {
		t.Errorf("%+v", e)
	}
}

func TestOnePlaceMayNotGuessForever(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Terms.FailuresPerIP = 2
	f.signUp(login)
	for _, who := range []string{"a@example.com", "b@example.com"} {
		_, err := f.SignIn(t.Context(), accounts.Credentials{Login: who, Password: "wrong", IP: "192.0.2.1"})
		wants(t, err, icp.SignInFirst, "account.wrong_login")
	}
	_, err := f.SignIn(t.Context(), accounts.Credentials{Login: login, Password: password, IP: "192.0.2.1"})
	wants(t, err, icp.Limited, "")
	if _, err := f.SignIn(t.Context(), accounts.Credentials{Login: login, Password: password, IP: "192.0.2.2"}); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
}

func TestResetEndsSessionsAndTheLock(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.signUp(login)
	seal := accounts.Seal(&a)
	for range 5 {
		_, _ = f.SignIn(t.Context(), accounts.Credentials{Login: login, Password: "wrong", IP: "192.0.2.1"})
	}
	f.clock.Advance(time.Minute) // the pause between two codes
	if err := f.ask(accounts.ResetCode, login, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	code := f.last().code
	wants(t, f.ResetPassword(t.Context(), accounts.Reset{Login: login, Code: code, Password: "1234567890"}), icp.Invalid, "/password:password.common")
	if err := f.ResetPassword(t.Context(), accounts.Reset{Login: login, Code: code, Password: "four grey herons"}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Session(t.Context(), a.ID, seal); !errors.Is(err, icp.ErrSignInFirst) {
		t.Errorf("the old session: %v", err)
	}
	b, err := f.SignIn(t.Context(), accounts.Credentials{Login: login, Password: "four grey herons", IP: "192.0.2.1"})
	if err != nil {
		t.Fatalf("with the new password: %v", err)
	}
	if _, err := f.Session(t.Context(), a.ID, accounts.Seal(&b)); err != nil {
		t.Errorf("the new session: %v", err)
	}
}

func TestDisabledAccounts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.signUp(login)
	admin := icp.Actor{Account: "admin", Party: icp.Provider, Roles: []string{access.Admin}}
	if _, err := f.Disable(t.Context(), admin, a.ID, a.Version, true); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Session(t.Context(), a.ID, accounts.Seal(&a)); !errors.Is(err, icp.ErrSignInFirst) {
		t.Errorf("its session: %v", err)
	}
	_, err := f.SignIn(t.Context(), accounts.Credentials{Login: login, Password: password, IP: "192.0.2.1"})
	wants(t, err, icp.NotAllowed, "account.disabled")
	_, err = f.SignIn(t.Context(), accounts.Credentials{Login: login, Password: "wrong", IP: "192.0.2.1"})
	wants(t, err, icp.SignInFirst, "account.wrong_login")
	_, err = f.Disable(t.Context(), accounts.ActorOf(&a), a.ID, 0, false)
	wants(t, err, icp.NotNow, "account.self")
}

func TestRealName(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := t.Context()
	operator := icp.Actor{Account: "op", Party: icp.Provider, Roles: []string{access.Operator}}
	a := f.signUp(login)
	wants(t, f.NameRule(&a, f.clock.Now()), icp.NotNow, "name.missing")
	_, err := f.ConfirmRealName(ctx, operator, a.ID, 0)
	wants(t, err, icp.NotNow, "name.missing")
	person := accounts.RealName{Kind: accounts.Individual, Name: "林知夏", CertificateType: 2, CertificateNumber: "11010519491231002X"}
	for rule, c := range map[string]struct {
		change func(*accounts.RealName)
		code   string
	}{
		"a unit's certificate for a person": {func(n *accounts.RealName) { n.CertificateType = 1 }, "/certificate_type:name.certificate_type"},
		"a person's certificate for a unit": {func(n *accounts.RealName) { n.Kind = accounts.Unit }, "/certificate_type:name.certificate_type"},
		"an unknown certificate":            {func(n *accounts.RealName) { n.CertificateType = 999 }, "/certificate_type:name.certificate_type"},
		"a wrong check character":           {func(n *accounts.RealName) { n.CertificateNumber = "110105194912310021" }, "/certificate_number:id.resident.checksum"},
		"one character of a name":           {func(n *accounts.RealName) { n.Name = "林" }, "/name:name.length"},
	} {
		wrong := person
		c.change(&wrong)
		_, err := f.SetRealName(ctx, accounts.ActorOf(&a), wrong)
		var e *icp.Error
		if !errors.As(err, &e) || len(e.Fields) == 0 || e.Fields[0].Pointer+":"+e.Fields[0].Code != c.code {
			t.Errorf("%s: %v", rule, err)
		}
	}
	a, err = f.SetRealName(ctx, accounts.ActorOf(&a), person)
	if err != nil || accounts.StatusOf(a.Name) != accounts.NamePending || !f.UsableFrom(a.Name).IsZero() {
		t.Fatalf("given: %v, %+v", err, a.Name)
	}
	wants(t, f.NameRule(&a, f.clock.Now()), icp.NotNow, "name.pending")
	if a, err = f.ConfirmRealName(ctx, operator, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}
	wants(t, f.NameRule(&a, f.clock.Now().Add(48*time.Hour-time.Microsecond)), icp.NotNow, "name.waiting")
	if err := f.NameRule(&a, f.clock.Now().Add(48*time.Hour)); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	_, err = f.SetRealName(ctx, accounts.ActorOf(&a), person)
	wants(t, err, icp.NotNow, "name.confirmed_already")
	_, err = f.ConfirmRealName(ctx, operator, a.ID, 0)
	wants(t, err, icp.NotNow, "name.confirmed_already")
}

func TestRealNameConfirmsItselfWhereTheSettingSaysSo(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	err := f.Store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SaveSetting(t.Context(), accounts.AutoConfirm, true, "", 0, f.clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	a := f.signUp(login)
	a, err = f.SetRealName(t.Context(), accounts.ActorOf(&a), accounts.RealName{Kind: accounts.Unit, Name: "北京云杉数字科技有限公司",
		CertificateType: 1, CertificateNumber: "91110108ma0yk7w261"})
	if err != nil {
		t.Fatal(err)
	}
	if a.Name.CertificateNumber != "91110108MA0YK7W261" || f.NameRule(&a, f.clock.Now()) != nil {
		t.Errorf("a unit files at once: %+v", a.Name)
	}
}

func TestBind(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.signUp(login)
	if err := f.ask(accounts.BindCode, "13900000000", "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	code := f.last().code
	wants(t, f.Bind(t.Context(), accounts.ActorOf(&a), "13900000000", "wrong"), icp.Invalid, "/code:code.wrong")
	if err := f.Bind(t.Context(), accounts.ActorOf(&a), "13900000000", code); err != nil {
		t.Fatal(err)
	}
	for _, with := range []string{login, "139 0000 0000"} {
		b, err := f.SignIn(t.Context(), accounts.Credentials{Login: with, Password: password, IP: "192.0.2.1"})
		if err != nil || b.ID != a.ID {
			t.Errorf("%s: %v", with, err)
		}
	}
}

func TestStaff(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := t.Context()
	system := icp.Actor{Party: icp.System}
	for code, in := range map[string]accounts.NewStaff{
		"/roles:roles.none":        {Login: login, Password: password},
		"/roles:roles.unknown":     {Login: login, Password: password, Roles: []string{"root"}},
		"/password:password.short": {Login: login, Password: "short", Roles: []string{access.Admin}},
	} {
		_, err := f.AddStaff(ctx, system, in)
		wants(t, err, icp.Invalid, code)
	}
	admin, err := f.AddStaff(ctx, system, accounts.NewStaff{Login: login, Password: password, Roles: []string{access.Admin}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.SetRoles(ctx, accounts.ActorOf(&admin), admin.ID, 0, nil)
	wants(t, err, icp.NotNow, "account.self")
	_, err = f.SetRealName(ctx, accounts.ActorOf(&admin), accounts.RealName{Kind: accounts.Individual, Name: "林知夏", CertificateType: 2,
		CertificateNumber: "11010519491231002X"})
	wants(t, err, icp.NotAllowed, "name.staff")
	_, err = f.SetRoles(ctx, system, admin.ID, admin.Version+1, []string{access.Reviewer})
	wants(t, err, icp.Conflict, "stale_version")
}

func TestTheTrailNamesNobody(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := f.signUp(login)
	_, _ = f.SignIn(t.Context(), accounts.Credentials{Login: login, Password: "wrong", IP: "192.0.2.77"})
	if _, err := f.SetRealName(t.Context(), accounts.ActorOf(&a), accounts.RealName{Kind: accounts.Individual, Name: "林知夏", CertificateType: 2,
		CertificateNumber: "11010519491231002X"}); err != nil {
		t.Fatal(err)
	}
	var actions []string
	for row, err := range f.Store.AllEvents(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(row.Event)
		if err != nil {
			t.Fatal(err)
		}
		for _, personal := range []string{login, "192.0.2.77", "林知夏", "11010519491231002X"} {
			if strings.Contains(string(text), personal) {
				t.Errorf("the trail holds %s: %s", personal, text)
			}
		}
		actions = append(actions, row.Event.Action)
	}
	if got := strings.Join(actions, " "); got != "account.signed_up account.sign_in_failed account.name_given" {
		t.Errorf("actions %s", got)
	}
	if _, err := audit.Verify(audit.Start(), f.Store.AllEvents(t.Context(), 0)); err != nil {
		t.Error(err)
	}
}
