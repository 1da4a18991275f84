package rdap_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/rdap"
	"github.com/openbeian/beian/internal/domaincheck/sim"
	"github.com/openbeian/beian/internal/icp"
)

var now = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func name(t testing.TB, s string) domaincheck.Name {
	t.Helper()
	n, err := domaincheck.Normalize(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// serve starts an HTTP server and a client of it.
func serve(t testing.TB, h http.Handler, change func(*rdap.Options)) *rdap.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	o := rdap.Options{Server: srv.URL, Clock: clock.NewManual(now)}
	if change != nil {
		change(&o)
	}
	c, err := rdap.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func registry(t testing.TB) *sim.Registry {
	t.Helper()
	r, err := sim.NewRegistry(sim.Options{Clock: clock.NewManual(now)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLookupReadsTheRegistration(t *testing.T) {
	t.Parallel()
	c := serve(t, registry(t), nil)
	f, err := c.Lookup(t.Context(), name(t, "云杉数字.中国"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Registrar != sim.Registrar || f.RegistrarID != sim.RegistrarID || f.RegistrantOrg != sim.Unit {
		t.Errorf("registrar %q (%s), registrant %q", f.Registrar, f.RegistrarID, f.RegistrantOrg)
	}
	if !f.Created.Equal(now.Add(-400*day)) || !f.Expires.Equal(now.Add(330*day)) || !f.FetchedAt.Equal(now) {
		t.Errorf("created %s, expires %s, fetched %s", f.Created, f.Expires, f.FetchedAt)
	}
	if f.RealName != domaincheck.RealNameVerified || !f.RealNameSince.Equal(now.Add(-399*day)) {
		t.Errorf("real name %q since %s", f.RealName, f.RealNameSince)
	}
	if !slices.Equal(f.Statuses, []string{"clientTransferProhibited"}) || f.Origin != domaincheck.FromRDAP || !strings.Contains(f.Raw, "ldhName") {
		t.Errorf("statuses %v, origin %s, raw %d bytes", f.Statuses, f.Origin, len(f.Raw))
	}
	if f, err = c.Lookup(t.Context(), name(t, "yunshan-yinsi.com")); err != nil || !f.Redacted || f.RegistrantOrg != "" || f.RegistrantName != "" {
		t.Errorf("hidden holder: %+v, %v", f, err)
	}
	if f, err = c.Lookup(t.Context(), name(t, "yunshan-zanting.com")); err != nil || !f.Suspended() {
		t.Errorf("on hold: %v, %v", f.Statuses, err)
	}
}

func TestLookupTellsNotFoundFromSilence(t *testing.T) {
	t.Parallel()
	respond := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, body)
		}
	}
	tests := []struct {
		rule string
		h    http.Handler
		want error
	}{
		{"404", respond(404, `{}`), icp.ErrNotFound},
		{"200 with an RDAP error of 404", respond(200, `{"errorCode":404,"title":"x"}`), icp.ErrNotFound},
		{"200 with an RDAP error of 500", respond(200, `{"errorCode":500,"title":"x"}`), icp.ErrUnavailable},
		{"429", respond(429, `{}`), icp.ErrUnavailable},
		{"500", respond(500, ``), icp.ErrUnavailable},
		{"200 without a body", respond(200, ``), icp.ErrUnavailable},
		{"200 with HTML", respond(200, `<html>`), icp.ErrUnavailable},
		{"200 with another object", respond(200, `{"objectClassName":"entity"}`), icp.ErrUnavailable},
		{"200 with a domain without a name", respond(200, `{"objectClassName":"domain"}`), icp.ErrUnavailable},
		{"200 with another domain", respond(200, `{"objectClassName":"domain","ldhName":"b.cn"}`), icp.ErrUnavailable},
		{"200 with half an object", respond(200, `{"objectClassName":"domain","ldhName":"yunshan-keji.cn"`), icp.ErrUnavailable},
		{"an answer without end", respond(200, `{"objectClassName":"domain","ldhName":"yunshan-keji.cn","x":"`+strings.Repeat("a", 5000)+`"}`), icp.ErrUnavailable},
		{"redirects without end", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }), icp.ErrUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			c := serve(t, tt.h, func(o *rdap.Options) { o.MaxBody = 4096 })
			f, err := c.Lookup(t.Context(), name(t, "yunshan-keji.cn"))
			if !errors.Is(err, tt.want) {
				t.Errorf("got %+v, %v; want %v", f, err, tt.want)
			}
		})
	}
}

func TestFaultsOfTheRegistryAreSilenceAndPass(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule  string
		fault sim.Fault
	}{
		{"server error", sim.Fault{Status: 503}},
		{"garbage", sim.Fault{Garbled: true}},
		{"about another domain", sim.Fault{WrongDomain: true}},
		{"connection lost in the middle of the answer", sim.Fault{HangUp: true}},
		{"slower than the time-out", sim.Fault{Delay: time.Minute}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			r := registry(t)
			n := name(t, "yunshan-keji.cn")
			c := serve(t, r, func(o *rdap.Options) { o.Timeout = time.Second })
			r.SetFault(n.ASCII, tt.fault)
			if f, err := c.Lookup(t.Context(), n); !errors.Is(err, icp.ErrUnavailable) {
				t.Fatalf("got %+v, %v", f, err)
			}
			r.SetFault(n.ASCII, sim.Fault{})
			if _, err := c.Lookup(t.Context(), n); err != nil {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
}

func TestServerDownAndServerThatAnswersTooLate(t *testing.T) {
	t.Parallel()
	n := name(t, "yunshan-keji.cn")
	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := ln.Addr().String()
		_ = ln.Close()
		c, err := rdap.New(rdap.Options{Server: "http://" + addr, Clock: clock.System{}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Lookup(t.Context(), n); !errors.Is(err, icp.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the answer comes after the caller gave up", func(t *testing.T) {
		t.Parallel()
		r, hold := registry(t), make(chan struct{})
		c := serve(t, r, func(o *rdap.Options) { o.Timeout = 100 * time.Millisecond })
		r.SetFault(n.ASCII, sim.Fault{Hold: hold})
		_, err := c.Lookup(t.Context(), n)
		close(hold)
		if !errors.Is(err, icp.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want a time-out", err)
		}
	})
	t.Run("the caller goes away", func(t *testing.T) {
		t.Parallel()
		r := registry(t)
		c := serve(t, r, nil)
		r.SetFault(n.ASCII, sim.Fault{Delay: time.Minute})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Lookup(ctx, n); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// iana is a bootstrap folder that knows a server for .cn.
func iana(t *testing.T, server string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/dns.json" {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprintf(w, `{"version":"1.0","publication":"2026-01-01T00:00:00Z","services":[[["cn"],[%q]]]}`, server+"/")
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestBootstrapFindsTheServerForManyAtOnce(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(registry(t))
	t.Cleanup(srv.Close)
	c, err := rdap.New(rdap.Options{BootstrapURL: iana(t, srv.URL), HTTP: srv.Client(), Clock: clock.NewManual(now)})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := c.Lookup(t.Context(), name(t, "yunshan-keji.cn")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := c.Lookup(t.Context(), name(t, "yunshan.io")); !errors.Is(err, icp.ErrUnavailable) {
		t.Errorf("suffix without a server: %v", err)
	}
}

func TestWithoutAServerOfItsOwnTheClientDialsPublicAddressesOnly(t *testing.T) {
	t.Parallel()
	reached := false
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(srv.Close)
	c, err := rdap.New(rdap.Options{BootstrapURL: srv.URL, Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Lookup(t.Context(), name(t, "yunshan.cn")); !errors.Is(err, icp.ErrUnavailable) || !strings.Contains(err.Error(), "not a public address") || reached {
		t.Errorf("reached %v, %v", reached, err)
	}
}

func TestNewRefusesWhatIsNoAddress(t *testing.T) {
	t.Parallel()
	for _, o := range []rdap.Options{
		{Server: "http://x"},
		{Server: "rdap.example", Clock: clock.System{}},
		{Server: "ftp://x", Clock: clock.System{}},
		{BootstrapURL: "http://[", Clock: clock.System{}},
	} {
		if _, err := rdap.New(o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

// roundTrip answers every request with a body.
type roundTrip func() []byte

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	_, _ = w.Write(f())
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"objectClassName":"domain","ldhName":"a.cn","status":["server hold"],"events":[{"eventAction":"registration","eventDate":"2026-01-01T00:00:00Z"}],"entities":[{"objectClassName":"entity","roles":["registrar","registrant"],"vcardArray":["vcard",[["fn",{},"text","x"],["org",{},"text",["a","b"]]]],"publicIds":[{"type":"IANA Registrar ID","identifier":"1"}]}],"remarks":[{"title":"real-name","description":["state=verified","since=2026-01-01"]}]}`))
	f.Add([]byte(`{"objectClassName":"domain","ldhName":"a.cn","entities":[{"vcardArray":["vcard",[[]]]}]}`))
	f.Add([]byte(`{"errorCode":404}`))
	n := name(f, "a.cn")
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := rdap.New(rdap.Options{
			Server: "http://registry.test", Clock: clock.System{},
			HTTP: &http.Client{Transport: roundTrip(func() []byte { return body })},
		})
		if err != nil {
			t.Fatal(err)
		}
		facts, err := c.Lookup(t.Context(), n)
		switch {
		case err == nil && (facts.Domain != "a.cn" || facts.FetchedAt.IsZero() || len(facts.Raw) > domaincheck.MaxRaw):
			t.Fatalf("accepted as %+v", facts)
		case err != nil && !errors.Is(err, icp.ErrNotFound) && !errors.Is(err, icp.ErrUnavailable):
			t.Fatalf("error of another kind: %v", err)
		}
	})
}
