package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/probe"
)

func name(t *testing.T) domaincheck.Name {
	t.Helper()
	n, err := domaincheck.Normalize("yunshan.cn")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// at resolves every host to the loopback address.
func at(context.Context, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

func portOf(t *testing.T, addr net.Addr) int {
	t.Helper()
	_, p, err := net.SplitHostPort(addr.String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(p)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// shut gives a port where nobody listens.
func shut(t *testing.T) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return portOf(t, ln.Addr())
}

// site starts a web server and options that lead the probe to it over HTTP.
func site(t *testing.T, h http.HandlerFunc) probe.Options {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return probe.Options{
		AllowPrivate: true, Resolve: at, HTTPPort: portOf(t, srv.Listener.Addr()), HTTPSPort: shut(t), Timeout: 2 * time.Second,
	}
}

func TestWhatCountsAsOpen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule   string
		h      http.HandlerFunc
		status int
		title  string
	}{
		{"a page with a title", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w, "<html><TITLE lang=zh>\n 云杉 &amp; 数字\n</TITLE>")
		}, 200, "云杉 & 数字"},
		{"a page that is never finished", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = fmt.Fprint(w, "<title>x</title>")
		}, 200, "x"},
		{"a server that forbids", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, 403, ""},
		{"a redirect within the site is followed", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, "/home", http.StatusFound)
				return
			}
			_, _ = fmt.Fprint(w, "<title>home</title>")
		}, 200, "home"},
		{"a redirect to another site is an answer and not followed", func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.Host, "elsewhere") {
				t.Error("followed to another site")
			}
			_, port, _ := net.SplitHostPort(r.Host)
			http.Redirect(w, r, "http://elsewhere.cn:"+port+"/", http.StatusFound)
		}, 302, ""},
		{"a redirect to another port is not followed", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://yunshan.cn:22/", http.StatusFound)
		}, 302, ""},
		{"redirects without end", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"a", http.StatusFound) }, 302, ""},
		{"a page in GBK has no title for us", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<title>\xd4\xc6</title>") }, 200, ""},
		{"a very long title is cut", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w, "<title>"+strings.Repeat("云", 500)+"</title>")
		}, 200, strings.Repeat("云", 100)},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			a, err := probe.New(site(t, tt.h)).Probe(t.Context(), name(t))
			if err != nil || !a.Open || a.Status != tt.status || a.Title != tt.title || a.Address != "127.0.0.1" {
				t.Errorf("got %+v, %v", a, err)
			}
		})
	}
}

func TestASiteWithABadCertificateIsOpen(t *testing.T) {
	t.Parallel()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }))
	t.Cleanup(srv.Close)
	a, err := probe.New(probe.Options{
		AllowPrivate: true, Resolve: at, HTTPPort: shut(t), HTTPSPort: portOf(t, srv.Listener.Addr()),
	}).Probe(t.Context(), name(t))
	if err != nil || !a.Open || !strings.HasPrefix(a.URL, "https://") {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestWhatCountsAsClosed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule    string
		resolve func(context.Context, string) ([]netip.Addr, error)
	}{
		{"no such name", func(_ context.Context, h string) ([]netip.Addr, error) {
			return nil, &net.DNSError{Err: "no such host", Name: h, IsNotFound: true}
		}},
		{"a name without an address", func(context.Context, string) ([]netip.Addr, error) { return nil, nil }},
		{"nobody listens", at},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			o := probe.Options{AllowPrivate: true, Resolve: tt.resolve, HTTPPort: shut(t), HTTPSPort: shut(t)}
			if a, err := probe.New(o).Probe(t.Context(), name(t)); err != nil || a.Open {
				t.Errorf("got %+v, %v", a, err)
			}
		})
	}
}

func TestWhatCannotBeTold(t *testing.T) {
	t.Parallel()
	silent := func(t *testing.T) probe.Options {
		hold := make(chan struct{})
		o := site(t, func(http.ResponseWriter, *http.Request) { <-hold })
		t.Cleanup(func() { close(hold) }) // runs before the server is closed
		o.Timeout = 200 * time.Millisecond
		return o
	}
	garbled := func(t *testing.T) probe.Options {
		return site(t, func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = fmt.Fprint(c, "\x00\x01 no HTTP at all\r\n\r\n")
			_ = c.Close()
		})
	}
	dnsDown := func(*testing.T) probe.Options {
		return probe.Options{Resolve: func(_ context.Context, h string) ([]netip.Addr, error) {
			return nil, &net.DNSError{Err: "server misbehaving", Name: h, IsTemporary: true}
		}}
	}
	headers := func(t *testing.T) probe.Options {
		return site(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 64<<10)) })
	}
	for rule, options := range map[string]func(*testing.T) probe.Options{
		"a server that accepts and says nothing, then answers too late": silent,
		"a server that does not speak HTTP":                             garbled,
		"DNS is down":                                                   dnsDown,
		"headers without end":                                           headers,
		"a private address in DNS":                                      func(t *testing.T) probe.Options { o := site(t, nil); o.AllowPrivate = false; return o },
		"a mapped loopback address": func(t *testing.T) probe.Options {
			o := site(t, nil)
			o.AllowPrivate = false
			o.Resolve = mapped
			return o
		},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			if a, err := probe.New(options(t)).Probe(t.Context(), name(t)); err == nil || a.Open {
				t.Errorf("got %+v, %v", a, err)
			}
		})
	}
}

func mapped(context.Context, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("::ffff:127.0.0.1")}, nil
}

func TestANameThatResolvesInwardsIsNeverReached(t *testing.T) {
	t.Parallel()
	var reached, asked atomic.Int32
	o := site(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	o.AllowPrivate = false
	o.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		asked.Add(1)
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("::1")}, nil
	}
	_, err := probe.New(o).Probe(t.Context(), name(t))
	if err == nil || !strings.Contains(err.Error(), "not a public address") || reached.Load() != 0 || asked.Load() == 0 {
		t.Errorf("reached %d times, resolved %d times, %v", reached.Load(), asked.Load(), err)
	}
}

func TestACallerThatGoesAwayEndsTheProbe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	o := probe.Options{Resolve: func(ctx context.Context, _ string) ([]netip.Addr, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	if _, err := probe.New(o).Probe(ctx, name(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
