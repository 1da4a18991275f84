package api

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
)

func TestFaultsOfForm(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client()
	for rule, x := range map[string]struct {
		body, code, pointer, field string
		status                     int
	}{
		"a missing property has its own pointer": {`{"login":"a"}`, "invalid", "/password", "input.required", 422},
		"an unknown property":                    {`{"login":"a","password":"b","x":1}`, "invalid", "/x", "input.unknown", 422},
		"a number for a text":                    {`{"login":1,"password":"b"}`, "invalid", "/login", "input.form", 422},
		"too long":                               {`{"login":"` + strings.Repeat("a", 201) + `","password":"b"}`, "invalid", "/login", "input.long", 422},
		"no body":                                {"", "", "", "", 400},
		"no JSON":                                {`{"login":`, "body.syntax", "", "", 400},
		"a body without end":                     {`{"login":"` + strings.Repeat("a", 2<<20) + `"}`, "body.too_large", "", "", 413},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			r := c.do("POST", "/api/v1/session", x.body)
			if x.code == "" {
				if r.StatusCode != x.status {
					t.Errorf("status %d", r.StatusCode)
				}
				return
			}
			p := refused(t, r, x.status, x.code)
			if x.field != "" && (len(p.Errors) != 1 || p.Errors[0].Pointer != x.pointer || p.Errors[0].Code != x.field) {
				t.Errorf("errors %+v", p.Errors)
			}
		})
	}
	p := refused(t, c.do("POST", "/api/v1/verification-codes", `{"to":"a@example.com","purpose":"fun"}`), 422, "invalid")
	if len(p.Errors) != 1 || p.Errors[0].Code != "input.choice" || !strings.Contains(p.Errors[0].Message, "sign_up") {
		t.Errorf("choice: %+v", p.Errors)
	}
}

func TestPointers(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"body": "", "body.a": "/a", "body.items[3].tags": "/items/3/tags", "query.limit": "", "body.a/b": "/a~1b", "path.id": "",
	} {
		if got := pointerOf(location); got != want {
			t.Errorf("%s: %q, want %q", location, got, want)
		}
	}
}

func TestProblemsSpeakTheReadersLanguage(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client()
	for header, want := range map[string]string{"zh-CN": "请先登录", "en-GB,en;q=0.9": "Sign in first", "": "请先登录"} {
		if p := read[Problem](t, c.do("GET", "/api/v1/me", "", "Accept-Language", header)); p.Title != want {
			t.Errorf("%q: %s", header, p.Title)
		}
	}
	s.account("li@example.com")
	c = s.signedIn("li@example.com")
	c.do("PUT", "/api/v1/me/language", `{"language":"en"}`)
	if p := read[Problem](t, c.do("GET", "/api/v1/review/queue", "", "Accept-Language", "")); p.Title != "Not permitted" {
		t.Errorf("the account's language does not count: %s", p.Title)
	}
}

func TestEveryKindHasAStatusAndTexts(t *testing.T) {
	t.Parallel()
	kinds := []icp.Kind{icp.Invalid, icp.NotFound, icp.NotAllowed, icp.NotNow, icp.Conflict, icp.Limited, icp.Unavailable, icp.SignInFirst}
	if len(kinds) != len(statusOfKind) {
		t.Errorf("%d kinds have a status", len(statusOfKind))
	}
	for _, k := range kinds {
		if !i18n.Messages().Has("problem."+string(k)) || statusOf(icp.E(k, "")) == 500 {
			t.Errorf("%s", k)
		}
	}
	for c := range statusOfCode {
		if !i18n.Messages().Has(c) {
			t.Errorf("no text for %s", c)
		}
	}
	for _, c := range inputCodes {
		if !i18n.Messages().Has(c.code) {
			t.Errorf("no text for %s", c.code)
		}
	}
}

func TestUnknownErrorsShowOnlyTheirNumber(t *testing.T) {
	t.Parallel()
	p := problemOf(t.Context(), errors.New("secret of the database"))
	if p.Status != 500 || p.Code != "internal" || strings.Contains(p.Detail, "secret") {
		t.Errorf("%+v", p)
	}
	var _ huma.StatusError = p
}

func TestPanicsAreInternalErrors(t *testing.T) {
	t.Parallel()
	s := newService(t)
	h := s.deps
	h.Metrics = nil
	frame := s.deps.withInfo(recovered(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret") })))
	w := httptest.NewRecorder()
	frame.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	refused(t, w.Result(), 500, "internal")
	if !strings.Contains(s.log.String(), "secret") {
		t.Error("the log does not tell the cause")
	}
}

func TestWritesFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	c := newService(t).client()
	for headers, want := range map[[2]string]int{
		{"Sec-Fetch-Site", "cross-site"}:  403,
		{"Sec-Fetch-Site", "same-origin"}: 422,
		{"Origin", "https://evil.test"}:   403,
		{"Origin", "http://beian.test"}:   422,
	} {
		if r := c.do("POST", "/api/v1/session", `{}`, headers[0], headers[1]); r.StatusCode != want {
			t.Errorf("%v: %d, want %d", headers, r.StatusCode, want)
		}
	}
}

func TestAnonymousCallsAreBounded(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.deps.AnonymousPerMinute = 3
	h, err := New(s.deps)
	if err != nil {
		t.Fatal(err)
	}
	s.Handler = h
	for range 3 {
		refused(t, s.client().do("GET", "/api/v1/me", ""), 401, "sign_in")
	}
	refused(t, s.client().do("GET", "/api/v1/me", ""), 429, "limited")
}

func TestConsoleAndDocs(t *testing.T) {
	t.Parallel()
	s := newService(t)
	c := s.client()
	c.do("GET", "/healthz", "") // so that the metrics have a request to tell of
	for path, want := range map[string]struct {
		status            int
		cache, text, kind string
	}{
		"/":                   {200, "no-cache", "console", "text/html; charset=utf-8"},
		"/orders/1/websites":  {200, "no-cache", "console", "text/html; charset=utf-8"},
		"/index.html":         {200, "no-cache", "console", "text/html; charset=utf-8"},
		"/assets/app-1a2b.js": {200, "public, max-age=31536000, immutable", "1", "text/javascript; charset=utf-8"},
		"/assets/gone.js":     {404, "", "", ""},
		"/favicon.svg":        {200, "no-cache", "<svg/>", "image/svg+xml"},
		"/docs":               {200, "no-cache", "OpenBeian API", "text/html; charset=utf-8"},
		"/docs/page.js":       {200, "no-cache", "openapi.json", "text/javascript; charset=utf-8"},
		"/openapi.json":       {200, "no-cache", `"openapi": "3.1.0"`, "application/vnd.oai.openapi+json;version=3.1"},
		"/metrics":            {200, "", "beian_http_requests_total", ""},
		"/api/v1/nothing":     {404, "no-store", "path.unknown", "application/problem+json"},
	} {
		r := c.do("GET", path, "")
		raw, _ := io.ReadAll(r.Body)
		if r.StatusCode != want.status || !strings.Contains(string(raw), want.text) {
			t.Errorf("%s: %d %.80s", path, r.StatusCode, raw)
		}
		if got := r.Header.Get("Cache-Control"); want.cache != "" && got != want.cache {
			t.Errorf("%s: cache %q", path, got)
		}
		if got := r.Header.Get("Content-Type"); want.kind != "" && got != want.kind {
			t.Errorf("%s: type %q", path, got)
		}
		if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "img-src 'self' blob: data:") {
			t.Errorf("%s: %q", path, csp)
		}
	}
	c.do("GET", "/api/v1/me?cursor=x", "")
	raw, _ := io.ReadAll(c.do("GET", "/metrics", "").Body)
	if want := `beian_http_requests_total{method="GET",route="GET /api/v1/me",status="401"} 1`; !strings.Contains(string(raw), want) {
		t.Errorf("no %s in %s", want, raw)
	}
}

func TestCallerIP(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for rule, c := range map[string]struct{ peer, forwarded, want string }{
		"the peer":                             {"192.0.2.1:5", "", "192.0.2.1"},
		"a stranger's header is not believed":  {"192.0.2.1:5", "198.51.100.7", "192.0.2.1"},
		"behind a proxy":                       {"10.0.0.1:5", "198.51.100.7", "198.51.100.7"},
		"only what the proxies added counts":   {"10.0.0.1:5", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"},
		"a broken header ends the walk":        {"10.0.0.1:5", "x", "10.0.0.1"},
		"IPv4 in IPv6 is the same address":     {"[::ffff:192.0.2.1]:5", "", "192.0.2.1"},
		"a proxy that forwards nothing itself": {"10.0.0.1:5", "", "10.0.0.1"},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = c.peer
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			if got := callerIP(r, proxies); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
