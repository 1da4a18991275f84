package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

const password = "a quiet morning"

// outbox keeps the codes that were sent, by address.
type outbox struct {
	mu    sync.Mutex
	codes map[string]string
}

func (o *outbox) SendCode(_ context.Context, _ *store.Tx, _, target, code, _, purpose string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.codes[target] = purpose + " " + code
	return nil
}

// service is a whole API over a real database, with a clock of the test's.
type service struct {
	t     *testing.T
	deps  Deps
	store *store.Store
	clock *clock.Manual
	sent  *outbox
	log   *bytes.Buffer
	// folder has the operator's rules.
	folder string
	http.Handler
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{t: t, store: storetest.NewSQLite(t), clock: clock.NewManual(clock.System{}.Now().Truncate(time.Microsecond)),
		sent: &outbox{codes: map[string]string{}}, log: &bytes.Buffer{}, folder: t.TempDir()}
	terms := accounts.DefaultTerms()
	s.deps = Deps{
		Log: slog.New(slog.NewJSONHandler(s.log, nil)), Clock: s.clock, Messages: i18n.Messages(),
		Accounts: &accounts.Accounts{Store: s.store, Clock: s.clock, Tables: refdata.Builtin(), Codes: s.sent, Terms: terms},
		Cases:    &casework.Cases{Store: s.store, Clock: s.clock, Tables: refdata.Builtin().Copy()},
		Sessions: s.store.Sessions(s.clock), Ready: s.store.Ping, BaseURL: "http://beian.test",
		SessionLife: 12 * time.Hour, SessionIdle: 2 * time.Hour,
		Console: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>console")}, "assets/app-1a2b.js": {Data: []byte("1")},
			"favicon.svg": {Data: []byte("<svg/>")}},
	}
	s.furnish()
	h, err := New(s.deps)
	if err != nil {
		t.Fatal(err)
	}
	s.Handler = h
	return s
}

// account adds an account; with roles one of staff.
func (s *service) account(login string, roles ...string) store.Account {
	s.t.Helper()
	ctx := s.t.Context()
	if len(roles) > 0 {
		a, err := s.deps.Accounts.AddStaff(ctx, icp.Actor{Party: icp.System}, accounts.NewStaff{Login: login, Roles: roles, Password: password})
		if err != nil {
			s.t.Fatal(err)
		}
		return a
	}
	if err := s.deps.Accounts.RequestCode(ctx, accounts.CodeRequest{Purpose: accounts.SignUpCode, Target: login, IP: "192.0.2.9"}); err != nil {
		s.t.Fatal(err)
	}
	a, err := s.deps.Accounts.SignUp(ctx, accounts.NewAccount{Login: login, Code: s.code(login), Password: password})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *service) code(login string) string {
	s.sent.mu.Lock()
	defer s.sent.mu.Unlock()
	_, code, _ := strings.Cut(s.sent.codes[login], " ")
	return code
}

// client is a browser: it keeps its cookie.
type client struct {
	s      *service
	cookie *http.Cookie
	header http.Header
}

func (s *service) client() *client {
	return &client{s: s, header: http.Header{"Accept-Language": {"en"}}}
}

func (s *service) signedIn(login string) *client {
	s.t.Helper()
	c := s.client()
	if r := c.do("POST", "/api/v1/session", `{"login":"`+login+`","password":"`+password+`"}`); r.StatusCode != http.StatusCreated {
		s.t.Fatalf("sign in: %d", r.StatusCode)
	}
	return c
}

func (c *client) do(method, path, body string, headers ...string) *http.Response {
	r := httptest.NewRequestWithContext(c.s.t.Context(), method, path, strings.NewReader(body))
	r.Header = c.header.Clone()
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if c.cookie != nil {
		r.AddCookie(c.cookie)
	}
	w := httptest.NewRecorder()
	c.s.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		if cookie.Name == sessionCookie {
			c.cookie = cookie
		}
	}
	return w.Result()
}

func read[T any](t *testing.T, r *http.Response) T {
	t.Helper()
	var out T
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return out
}

// refused checks that an answer is a whole problem document.
func refused(t *testing.T, r *http.Response, status int, code string) Problem {
	t.Helper()
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	p := read[Problem](t, r)
	if r.StatusCode != status || p.Status != status || p.Code != code {
		t.Errorf("got %d %+v, want %d %s", r.StatusCode, p, status, code)
	}
	if p.Title == "" || p.Detail == "" || p.Detail == code || p.Instance == "" || p.Instance != r.Header.Get("X-Request-Id") {
		t.Errorf("not whole: %+v", p)
	}
	for _, f := range p.Errors {
		if f.Message == "" || f.Message == f.Code {
			t.Errorf("no text for %s", f.Code)
		}
	}
	return p
}

// guarded are operations with who may call them; the exercises below hold for all.
var guarded = []struct {
	method, path, body string
	allowed            string // a role, "" for anybody signed in
	versioned          bool
}{
	{"GET", "/me", "", "", false},
	{"GET", "/session", "", "", false},
	{"PUT", "/me/language", `{"language":"en"}`, "", false},
	{"PUT", "/me/password", `{"old":"x","password":"y"}`, "", false},
	{"PUT", "/me/real-name", `{"kind":"unit","name":"n","certificate_type":1,"certificate_number":"x"}`, "", false},
	{"POST", "/me/logins", `{"login":"a@example.com","code":"1"}`, "", false},
	{"GET", "/accounts", "", access.Operator, false},
	{"POST", "/accounts/staff", `{"login":"a@example.com","roles":["admin"],"password":"x"}`, access.Admin, false},
	{"PUT", "/accounts/{id}/roles", `{"roles":[]}`, access.Admin, true},
	{"PUT", "/accounts/{id}/disabled", `{"disabled":true}`, access.Admin, true},
	{"POST", "/accounts/{id}/real-name/confirm", "", access.Operator, true},
}

func TestWithoutSession(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, g := range guarded {
		refused(t, s.client().do(g.method, prefix+g.path, g.body), http.StatusUnauthorized, "sign_in")
	}
}

func TestWrongRole(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("li@example.com")
	s.account("shen@example.com", access.Reviewer)
	for _, login := range []string{"li@example.com", "shen@example.com"} {
		c := s.signedIn(login)
		for _, g := range guarded {
			if g.allowed != "" {
				refused(t, c.do(g.method, prefix+g.path, g.body, "If-Match", etag(1)), http.StatusForbidden, "not_allowed")
			}
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	s := newService(t)
	a := s.account("shen@example.com", access.Reviewer)
	s.account("yun@example.com", access.Operator)
	s.account("guan@example.com", access.Admin)
	clients := map[string]*client{access.Operator: s.signedIn("yun@example.com"), access.Admin: s.signedIn("guan@example.com")}
	for _, g := range guarded {
		if !g.versioned {
			continue
		}
		path := prefix + strings.ReplaceAll(g.path, "{id}", string(a.ID))
		refused(t, clients[g.allowed].do(g.method, path, g.body), http.StatusPreconditionRequired, "if_match.missing")
		refused(t, clients[g.allowed].do(g.method, path, g.body, "If-Match", etag(99)), http.StatusPreconditionFailed, "stale_version")
		refused(t, clients[g.allowed].do(g.method, path, g.body, "If-Match", `"x"`), http.StatusPreconditionFailed, "stale_version")
	}
	r := clients[access.Admin].do("PUT", prefix+"/accounts/"+string(a.ID)+"/roles", `{"roles":["operator","reviewer"]}`, "If-Match", etag(a.Version))
	got := read[AccountSummary](t, r)
	if r.StatusCode != http.StatusOK || r.Header.Get("ETag") != etag(a.Version+1) || strings.Join(got.Roles, " ") != "operator reviewer" {
		t.Errorf("%d, ETag %s, %+v", r.StatusCode, r.Header.Get("ETag"), got)
	}
}

func TestBrokenStoreShowsNothing(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.account("li@example.com")
	c := s.signedIn("li@example.com")
	broken := newService(t) // its database is closed below; only its handler is used
	if err := broken.store.Close(); err != nil {
		t.Fatal(err)
	}
	c.s = broken
	for _, g := range guarded {
		r := c.do(g.method, prefix+g.path, g.body, "If-Match", etag(1))
		raw, _ := io.ReadAll(r.Body)
		if r.StatusCode != http.StatusInternalServerError && r.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%s %s: %d", g.method, g.path, r.StatusCode)
		}
		if strings.Contains(string(raw), "sql") || strings.Contains(string(raw), "database") {
			t.Errorf("%s %s tells %s", g.method, g.path, raw)
		}
	}
	if !strings.Contains(broken.log.String(), `"level":"ERROR"`) && !strings.Contains(broken.log.String(), `"level":"WARN"`) {
		t.Error("the log says nothing of it")
	}
	if r := broken.client().do("GET", "/readyz", ""); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", r.StatusCode)
	}
	if r := broken.client().do("GET", "/healthz", ""); r.StatusCode != http.StatusOK {
		t.Errorf("healthy: %d", r.StatusCode)
	}
}
