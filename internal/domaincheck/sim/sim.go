// Package sim is a small domain registry with bad manners on request, for the
// demo and for tests: RDAP over HTTP, WHOIS on a listener, and the web sites
// of the few sample domains that have one.
//
// Start at [NewRegistry]; [Samples] lists what it knows. It asks nothing of
// the outside. [Registry.SetFault] makes it slow, broken or lying.
package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
)

// Fault is a way to misbehave; the zero value is none. Delay and Hold come
// first, then what is sent.
type Fault struct {
	// Delay waits before the answer, or until the client has gone.
	Delay time.Duration
	// Hold waits until it is closed, whether or not the client has gone: the
	// answer that comes too late. Nil: no wait.
	Hold <-chan struct{}
	// Status is an HTTP status to answer with instead, such as 500. WHOIS then
	// sends the words for "ask later".
	Status int
	// Garbled sends bytes that are no answer.
	Garbled bool
	// WrongDomain answers about another domain than was asked for.
	WrongDomain bool
	// HangUp closes the connection in the middle of the answer.
	HangUp bool
}

// Options set up a Registry.
type Options struct {
	// Clock gives the now that the samples' times are relative to.
	Clock clock.Clock
	// Samples are the domains; nil: those of Samples().
	Samples []Sample
	// Fault is what every domain without one of its own does.
	Fault Fault
}

// Registry is the simulator: an http.Handler for RDAP (GET /domain/{name}).
// Safe for concurrent use.
type Registry struct {
	clock   clock.Clock
	mux     *http.ServeMux
	samples map[string]Sample // by ASCII name

	mu     sync.Mutex
	faults map[string]Fault // by ASCII name; "" for all others
}

// NewRegistry makes a simulator; an error names a sample that is no domain.
func NewRegistry(o Options) (*Registry, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Samples == nil {
		o.Samples = Samples()
	}
	r := &Registry{
		clock: o.Clock, mux: http.NewServeMux(),
		samples: make(map[string]Sample, len(o.Samples)), faults: map[string]Fault{"": o.Fault},
	}
	for _, s := range o.Samples {
		n, err := domaincheck.Normalize(s.Domain)
		if err != nil {
			return nil, fmt.Errorf("read sample %q: %w", s.Domain, err)
		}
		r.samples[n.ASCII] = s
	}
	r.mux.HandleFunc("GET /domain/{name}", r.serveDomain)
	return r, nil
}

// SetFault makes the registry misbehave for one domain (ASCII), or for all
// that have no fault of their own when domain is empty.
func (r *Registry) SetFault(domain string, f Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults[domain] = f
}

func (r *Registry) fault(domain string) Fault {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f, ok := r.faults[domain]; ok {
		return f
	}
	return r.faults[""]
}

// wait does Delay and Hold; false when the client went away meanwhile.
func (f Fault) wait(ctx context.Context) bool {
	if f.Hold != nil {
		<-f.Hold
		return true
	}
	if f.Delay <= 0 {
		return true
	}
	t := time.NewTimer(f.Delay)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// garbage is no answer in any of the protocols.
const garbage = "\x00\xff<html>502 {\"ldhName\": [[[ Domain Name"

// ServeHTTP answers RDAP questions.
func (r *Registry) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.mux.ServeHTTP(w, req) }

func (r *Registry) serveDomain(w http.ResponseWriter, req *http.Request) {
	asked := strings.ToLower(req.PathValue("name"))
	f := r.fault(asked)
	if !f.wait(req.Context()) {
		return
	}
	w.Header().Set("Content-Type", "application/rdap+json")
	s, known := r.samples[asked]
	switch {
	case f.Status != 0:
		w.WriteHeader(f.Status)
	case f.Garbled:
		_, _ = w.Write([]byte(garbage))
	case !known || s.Absent:
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(map[string]any{"errorCode": 404, "title": "no such domain"})
	default:
		if f.WrongDomain {
			asked = "another.cn"
		}
		body, err := json.Marshal(r.rdap(asked, s))
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		if f.HangUp {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			body = body[:len(body)/2]
		}
		_, _ = w.Write(body)
	}
}

// sampleFor finds the sample that a host belongs to.
func (r *Registry) sampleFor(host string) (Sample, bool) {
	host = strings.ToLower(host)
	s, ok := r.samples[strings.TrimPrefix(host, "www.")]
	return s, ok
}

// Resolve stands in for DNS: 127.0.0.1 for samples with a site, no such name
// for every other host. It fits probe.Options.Resolve.
func (r *Registry) Resolve(_ context.Context, host string) ([]netip.Addr, error) {
	if s, ok := r.sampleFor(host); ok && s.SiteAnswers {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// Sites is the web server of the samples with a site.
func (r *Registry) Sites() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		host := req.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		s, ok := r.sampleFor(host)
		if !ok || !s.SiteAnswers {
			http.NotFound(w, req)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, "<!doctype html><title>%s</title><p>示例站点</p>", s.Org)
	})
}

// FilingStatus answers as the authority would for the samples; it fits
// domaincheck.Filings where no authority is at hand.
func (r *Registry) FilingStatus(ctx context.Context, domain string) (domaincheck.Filing, error) {
	if err := ctx.Err(); err != nil {
		return domaincheck.Filing{}, err
	}
	return r.samples[domain].Filing, nil
}
