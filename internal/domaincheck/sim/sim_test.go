package sim_test

import (
	"context"
	"net"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/probe"
	"github.com/openbeian/beian/internal/domaincheck/rdap"
	"github.com/openbeian/beian/internal/domaincheck/sim"
	"github.com/openbeian/beian/internal/domaincheck/whois"
	"github.com/openbeian/beian/internal/icp"
)

// lists are the reference data that the samples are made for.
type lists struct{}

func (lists) TLDVerdict(tld, _, _ string, _ time.Time) domaincheck.Verdict {
	if slices.Contains([]string{"cn", "com", "xn--fiqs8s"}, tld) {
		return domaincheck.Approved
	}
	return domaincheck.NotApproved
}

func (lists) RegistrarVerdict(name, id string, _ time.Time) domaincheck.Verdict {
	switch {
	case id == sim.RegistrarID, id == sim.OwnRegistrarID, name == sim.Registrar:
		return domaincheck.Approved
	case id == sim.ForeignRegistrarID:
		return domaincheck.NotApproved
	}
	return domaincheck.Undecided
}

// AddWorkdays takes every day for a working day.
func (lists) AddWorkdays(from time.Time, n int) (time.Time, error) { return from.AddDate(0, 0, n), nil }

func (lists) HoldsDomain(context.Context, string, icp.OrderID) (bool, error) { return false, nil }

// TestSamplesEndAsTheySay runs each sample through the real clients.
func TestSamplesEndAsTheySay(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC))
	reg, err := sim.NewRegistry(sim.Options{Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	server, sites := httptest.NewServer(reg), httptest.NewServer(reg.Sites())
	t.Cleanup(server.Close)
	t.Cleanup(sites.Close)
	source, err := rdap.New(rdap.Options{Server: server.URL, Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	checker, err := domaincheck.NewChecker(domaincheck.Options{
		Source: source, TLDs: lists{}, Registrars: lists{}, Calendar: lists{}, Orders: lists{}, Filings: reg,
		Prober: probe.New(probe.Options{AllowPrivate: true, Resolve: reg.Resolve, HTTPPort: port(t, sites), HTTPSPort: 1}),
		Clock:  clk, OwnRegistrarIDs: []string{sim.OwnRegistrarID},
	})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, s := range sim.Samples() {
		wg.Go(func() { check(t, checker, s) })
	}
	wg.Wait()
}

func port(t *testing.T, srv *httptest.Server) int {
	t.Helper()
	_, p, err := net.SplitHostPort(srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(p)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func check(t *testing.T, checker *domaincheck.Checker, s sim.Sample) {
	n, err := domaincheck.Normalize(s.Domain)
	if err != nil {
		t.Error(err)
		return
	}
	res := checker.Check(t.Context(), domaincheck.Request{Name: n, Owners: []string{s.Account}})
	for _, c := range res.Checks {
		want := s.Expect[c.ID]
		if want == "" {
			want = domaincheck.Passed
		}
		if c.State != want {
			t.Errorf("%s (%s): %s is %s, want %s: %v", s.Domain, s.Story, c.ID, c.State, want, c.Evidence)
		}
	}
	if res.Blocked() != s.ExpectsBlock || (res.RetryAt() != nil) != s.ExpectRetry {
		t.Errorf("%s (%s): blocked %v, retry at %v", s.Domain, s.Story, res.Blocked(), res.RetryAt())
	}
}

func TestSamplesCoverEveryCheck(t *testing.T) {
	t.Parallel()
	for _, id := range domaincheck.CheckIDs() {
		// Orders here are not the registry's business.
		if id == domaincheck.NotInProcess {
			continue
		}
		if !slices.ContainsFunc(sim.Samples(), func(s sim.Sample) bool { return s.Expect[id] == domaincheck.Failed }) {
			t.Errorf("no sample fails %s", id)
		}
	}
}

// TestBothProtocolsAgree compares what RDAP and WHOIS tell of each sample.
func TestBothProtocolsAgree(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC))
	reg, err := sim.NewRegistry(sim.Options{Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(reg)
	t.Cleanup(server.Close)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := reg.ServeWHOIS(ctx, ln); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	byRDAP, err := rdap.New(rdap.Options{Server: server.URL, Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = byRDAP.Close() })
	byWHOIS, err := whois.New(whois.Options{Server: ln.Addr().String(), Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sim.Samples() {
		n, err := domaincheck.Normalize(s.Domain)
		if err != nil {
			t.Fatal(err)
		}
		a, errA := byRDAP.Lookup(t.Context(), n)
		b, errB := byWHOIS.Lookup(t.Context(), n)
		if (errA == nil) != (errB == nil) || (errA == nil) == s.Absent {
			t.Errorf("%s: %v against %v", s.Domain, errA, errB)
			continue
		}
		holder := func(f domaincheck.Facts) string { return f.RegistrantOrg + f.RegistrantName }
		if a.Registrar != b.Registrar || holder(a) != holder(b) || !a.Created.Equal(b.Created) || !a.Expires.Equal(b.Expires) ||
			!slices.Equal(a.Statuses, b.Statuses) || a.Redacted != b.Redacted {
			t.Errorf("%s:\n%+v\nagainst\n%+v", s.Domain, a, b)
		}
	}
}

func TestASampleThatIsNoDomainIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := sim.NewRegistry(sim.Options{Samples: []sim.Sample{{Domain: "com.cn"}}}); err == nil {
		t.Error("a suffix was accepted")
	}
}
