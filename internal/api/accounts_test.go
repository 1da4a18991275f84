package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/access"
)

func TestSignUpSignOutSignIn(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client()
	if r := c.do("POST", "/api/v1/verification-codes", `{"to":"Li@Example.com ","purpose":"sign_up"}`); r.StatusCode != http.StatusAccepted {
		t.Fatalf("code: %d", r.StatusCode)
	}
	p := refused(t, c.do("POST", "/api/v1/accounts", `{"login":"Li@example.com","code":"no","password":"short"}`), 422, "invalid")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != "/password" || p.Errors[0].Code != "password.short" || !strings.Contains(p.Errors[0].Message, "10") {
		t.Errorf("errors %+v", p.Errors)
	}
	r := c.do("POST", "/api/v1/accounts", `{"login":"Li@example.com","code":"`+s.code("li@example.com")+`","password":"`+password+`"}`)
	if made := read[map[string]string](t, r); r.StatusCode != http.StatusCreated || made["login"] != "l***@example.com" || made["id"] == "" {
		t.Fatalf("signed up: %d %v", r.StatusCode, made)
	}
	me := read[map[string]any](t, c.do("GET", "/api/v1/me", ""))
	if v, ok := me["real_name"]; !ok || v != nil || me["login"] != "l***@example.com" {
		t.Errorf("me %v", me)
	}
	old := *c.cookie
	if r := c.do("DELETE", "/api/v1/session", ""); r.StatusCode != http.StatusNoContent {
		t.Errorf("signed out: %d", r.StatusCode)
	}
	c.cookie = &old
	refused(t, c.do("GET", "/api/v1/me", ""), http.StatusUnauthorized, "sign_in")
	c = s.signedIn(" LI@EXAMPLE.COM ")
	if c.cookie.Value == old.Value || !c.cookie.HttpOnly || c.cookie.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %+v", c.cookie)
	}
	if log := s.log.String(); strings.Contains(strings.ToLower(log), "example.com") {
		t.Error("the log holds an address")
	}
}

func TestSigningInRenewsTheToken(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("li@example.com")
	c := s.signedIn("li@example.com")
	before := *c.cookie
	c.do("POST", "/api/v1/session", `{"login":"li@example.com","password":"`+password+`"}`)
	if c.cookie.Value == before.Value {
		t.Fatal("the token stayed")
	}
	c.cookie = &before
	refused(t, c.do("GET", "/api/v1/me", ""), http.StatusUnauthorized, "sign_in")
}

func TestWrongPasswordLocks(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("li@example.com")
	c := s.client()
	// A log-in that there is none of answers just like a real one.
	for _, login := range []string{"li@example.com", "nobody@example.com"} {
		body := `{"login":"` + login + `","password":"wrong"}`
		for range 4 {
			refused(t, c.do("POST", "/api/v1/session", body), http.StatusUnauthorized, "account.wrong_login")
		}
		r := c.do("POST", "/api/v1/session", body)
		wait := r.Header.Get("Retry-After")
		if p := refused(t, r, http.StatusTooManyRequests, "account.locked"); wait == "" || p.RetryAfter == 0 {
			t.Errorf("no wait: %q %+v", wait, p)
		}
	}
	good := `{"login":"li@example.com","password":"` + password + `"}`
	refused(t, c.do("POST", "/api/v1/session", good), http.StatusTooManyRequests, "account.locked")
	s.clock.Advance(15 * time.Minute)
	if r := c.do("POST", "/api/v1/session", good); r.StatusCode != http.StatusCreated {
		t.Errorf("after the wait: %d", r.StatusCode)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("li@example.com")
	here, there := s.signedIn("li@example.com"), s.signedIn("li@example.com")
	body := `{"old":"` + password + `","password":"another quiet morning"}`
	if r := here.do("PUT", "/api/v1/me/password", body); r.StatusCode != http.StatusNoContent {
		t.Fatalf("change: %d", r.StatusCode)
	}
	refused(t, there.do("GET", "/api/v1/me", ""), http.StatusUnauthorized, "sign_in")
	if r := here.do("GET", "/api/v1/me", ""); r.StatusCode != http.StatusOK {
		t.Errorf("the session that changed it: %d", r.StatusCode)
	}
	s.clock.Advance(90 * time.Minute)
	if r := here.do("GET", "/api/v1/me", ""); r.StatusCode != http.StatusOK {
		t.Errorf("within the idle time: %d", r.StatusCode)
	}
	s.clock.Advance(90 * time.Minute)
	if r := here.do("GET", "/api/v1/me", ""); r.StatusCode != http.StatusOK {
		t.Errorf("idle time counts from the last request: %d", r.StatusCode)
	}
	s.clock.Advance(2 * time.Hour)
	refused(t, here.do("GET", "/api/v1/me", ""), http.StatusUnauthorized, "sign_in")
}

func TestRealNameByHand(t *testing.T) {
	t.Parallel()
	s := newService(t)
	a := s.account("li@example.com")
	s.account("yun@example.com", access.Operator)
	c, operator := s.signedIn("li@example.com"), s.signedIn("yun@example.com")
	p := refused(t, c.do("PUT", "/api/v1/me/real-name", `{"kind":"individual","name":"林知夏","certificate_type":1,"certificate_number":"x"}`), 422, "invalid")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != "/certificate_type" {
		t.Errorf("errors %+v", p.Errors)
	}
	r := c.do("PUT", "/api/v1/me/real-name", `{"kind":"individual","name":"林知夏","certificate_type":2,"certificate_number":"11010519491231002x"}`)
	me := read[Me](t, r)
	if r.StatusCode != http.StatusOK || me.RealName.RealNameView == nil || me.RealName.Status != "pending" || me.RealName.UsableFrom != nil {
		t.Fatalf("given: %d %+v", r.StatusCode, me.RealName)
	}
	list := read[Page[AccountSummary]](t, operator.do("GET", "/api/v1/accounts?login=li@example.com", ""))
	if len(list.Items) != 1 || list.Items[0].ID != a.ID || list.Items[0].Login != "l***@example.com" {
		t.Fatalf("list %+v", list)
	}
	r = operator.do("POST", "/api/v1/accounts/"+string(a.ID)+"/real-name/confirm", "", "If-Match", etag(list.Items[0].Version))
	if got := read[AccountSummary](t, r); r.StatusCode != http.StatusOK || got.RealName == nil || got.RealName.Status != "confirmed" ||
		!got.RealName.UsableFrom.Equal(s.clock.Now().Add(48*time.Hour)) {
		t.Errorf("confirmed: %d %+v", r.StatusCode, got.RealName)
	}
	refused(t, c.do("PUT", "/api/v1/me/real-name", `{"kind":"unit","name":"某某公司","certificate_type":1,"certificate_number":"911100006000000000"}`), 422, "invalid")
}

func TestAddStaffOnceForAKey(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("guan@example.com", access.Admin)
	c := s.signedIn("guan@example.com")
	body := `{"login":"shen@example.com","roles":["reviewer"],"password":"` + password + `"}`
	first := read[AccountSummary](t, c.do("POST", "/api/v1/accounts/staff", body, "Idempotency-Key", "k1"))
	again := read[AccountSummary](t, c.do("POST", "/api/v1/accounts/staff", body, "Idempotency-Key", "k1"))
	if first.ID == "" || first.ID != again.ID {
		t.Errorf("%q and %q", first.ID, again.ID)
	}
	refused(t, c.do("POST", "/api/v1/accounts/staff", body), http.StatusConflict, "account.login_taken")
	other := strings.Replace(body, "shen@", "gu@", 1)
	refused(t, c.do("POST", "/api/v1/accounts/staff", other, "Idempotency-Key", "k1"), http.StatusConflict, "idempotency.other_request")
}
