package authority_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

func TestStandingOfACertificate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	status := func(k sim.FaultKind, code int64) sim.Fault {
		return sim.Fault{Kind: k, Operation: wire.OpQueryBeianStatus, Code: code}
	}
	for _, c := range []struct {
		rule   string
		kind   int
		number string
		fault  *sim.Fault
		want   authority.Standing
	}{
		{"a filed subject", 1, "911101085513850820", nil, authority.StandingFiled},
		{"the number under another type", 2, "911101085513850820", nil, authority.StandingNotFiled},
		{"an unknown number", 1, "91110108551385099Q", nil, authority.StandingNotFiled},
		{"no number", 1, "", nil, authority.StandingUnknown},
		{"no answer", 1, "911101085513850820", new(status(sim.FaultDrop, 0)), authority.StandingUnknown},
		{"answer lost", 1, "911101085513850820", new(status(sim.FaultLoseReply, 0)), authority.StandingUnknown},
		{"maintenance", 1, "911101085513850820", new(status(sim.FaultCode, 901)), authority.StandingUnknown},
	} {
		if c.fault != nil {
			b.misbehave(*c.fault)
		}
		if got := b.SubjectStanding(t.Context(), c.kind, c.number); got != c.want {
			t.Errorf("%s: %s, want %s", c.rule, got, c.want)
		}
	}
}

func TestStatusOfADomain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if f, err := b.FilingStatus(t.Context(), "old0.example.cn"); err != nil || !f.Filed || f.SubjectLicence != licence || f.SiteLicence != licence+"-1" {
		t.Errorf("filed domain: %+v, %v", f, err)
	}
	if f, err := b.FilingStatus(t.Context(), "new.example.cn"); err != nil || f.Filed {
		t.Errorf("new domain: %+v, %v", f, err)
	}
	b.misbehave(sim.Fault{Kind: sim.FaultCode, Operation: wire.OpQueryBeianStatus, Code: 999})
	if _, err := b.FilingStatus(t.Context(), "new.example.cn"); !errors.Is(err, icp.ErrUnavailable) {
		t.Errorf("no answer: %v", err)
	}
	if err := b.Pause(t.Context(), operator, "维护"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.FilingStatus(t.Context(), "old0.example.cn"); !errors.Is(err, icp.ErrUnavailable) {
		t.Errorf("a paused channel answered: %v", err)
	}
}

func TestFilingPassword(t *testing.T) {
	t.Parallel()
	verify := func(k sim.FaultKind, code int64) []sim.Fault {
		return []sim.Fault{{Kind: k, Operation: wire.OpVerifyBamm, Code: code}}
	}
	for name, c := range map[string]struct {
		licence, password string
		faults            []sim.Fault
		want              icp.FilingCheck
		err               error
	}{
		"right":                        {licence, password, nil, icp.FilingMatches, nil},
		"right, number typed freely":   {" 京icp备2024012345 号", password, nil, icp.FilingMatches, nil},
		"wrong":                        {licence, "x", nil, icp.FilingMismatches, nil},
		"a number that there is not":   {"京ICP备2024999999号", password, nil, icp.FilingMismatches, nil},
		"no answer":                    {licence, password, verify(sim.FaultDrop, 0), icp.FilingUnknown, nil},
		"answer lost":                  {licence, password, verify(sim.FaultLoseReply, 0), icp.FilingUnknown, nil},
		"maintenance":                  {licence, password, verify(sim.FaultCode, 901), icp.FilingUnknown, nil},
		"too often for the authority":  {licence, password, verify(sim.FaultCode, 22), icp.FilingUnchecked, icp.ErrLimited},
		"a wrong account is no answer": {licence, password, verify(sim.FaultCode, 5), icp.FilingUnknown, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.misbehave(c.faults...)
			got, _, err := b.VerifyFiling(t.Context(), "a1", c.licence, c.password)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("%q, %v, want %q, %v", got, err, c.want, c.err)
			}
		})
	}
}

// check asks for an account; a refusal comes back with its wait.
func check(t *testing.T, g *authority.Gateway, account icp.AccountID, licenceNo, password string) (icp.FilingCheck, icp.FilingTries, time.Duration) {
	t.Helper()
	got, tries, err := g.VerifyFiling(t.Context(), account, licenceNo, password)
	var e *icp.Error
	if errors.As(err, &e) && e.Kind == icp.Limited {
		if e.RetryAfter <= 0 || e.Params["at"] == "" {
			t.Errorf("refused without a time: %+v", e)
		}
		return got, tries, e.RetryAfter
	}
	if err != nil {
		t.Fatal(err)
	}
	return got, tries, 0
}

func TestPasswordIsCheckedLessOftenThanTheAuthorityAllows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBenchOn(t, s)
		nodes := []*authority.Gateway{b.Gateway, b.node()}
		began := b.clock.Now()
		for i := range 4 {
			b.clock.Advance(14 * time.Minute) // around a full hour, and over two nodes
			got, tries, wait := check(t, nodes[i%2], "a1", licence, "guess")
			if got != icp.FilingMismatches || wait != 0 || tries.Left != 3-i || tries.Renews.Sub(began) < 74*time.Minute || tries.Renews.Sub(began) > 85*time.Minute {
				t.Fatalf("check %d: %q, %+v, wait %s", i, got, tries, wait)
			}
		}
		_, _, wait := check(t, nodes[0], "a1", licence, password)
		if at := b.clock.Now().Add(wait); at.Sub(began) < 74*time.Minute || at.Sub(began) > 85*time.Minute {
			t.Fatalf("the next is possible %s after the beginning, want a good hour after the first check", at.Sub(began))
		}
		if _, _, again := check(t, nodes[1], "a2", licence, password); again != wait {
			t.Errorf("the filing is open to another account: wait %s", again)
		}
		if got, _, _ := check(t, nodes[0], "a1", licenceOf(1), password); got != icp.FilingMatches {
			t.Errorf("another number: %q", got)
		}
		b.clock.Advance(wait)
		if got, _, _ := check(t, nodes[1], "a1", licence, password); got != icp.FilingMatches {
			t.Errorf("when it said: %q", got)
		}
	})
}

func TestChecksWithoutAnAnswerAreNotCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 6 {
		b.misbehave(sim.Fault{Kind: sim.FaultDrop, Operation: wire.OpVerifyBamm})
		if got, tries, wait := check(t, b.Gateway, "a1", licence, "guess"); got != icp.FilingUnknown || wait != 0 || !tries.Renews.IsZero() {
			t.Fatalf("outage %d: %q, %+v, %s", i, got, tries, wait)
		}
	}
	if _, tries, _ := check(t, b.Gateway, "a1", licence, "guess"); tries.Left != 3 {
		t.Errorf("after the outage %d are left", tries.Left)
	}
}

func TestAnAccountCannotTryThePasswordsOfOthers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 12 {
		number := fmt.Sprintf("京ICP备20249999%02d号", i)
		if _, tries, wait := check(t, b.Gateway, "a1", number, "guess"); wait != 0 || i == 11 && tries.Left != 0 {
			t.Fatalf("number %d: %+v, wait %s", i, tries, wait)
		}
	}
	if _, _, wait := check(t, b.Gateway, "a1", licence, password); wait == 0 {
		t.Error("a thirteenth number was checked")
	}
	if got, _, _ := check(t, b.Gateway, "a2", licence, password); got != icp.FilingMatches {
		t.Errorf("another account: %q", got)
	}
}

func TestTheAuthoritysOwnLimitIsNotRunAgainst(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *sim.Config, _ *authority.Config) { c.VerifyLimit = 1 })
	if got, _, _ := check(t, b.Gateway, "a1", licence, "guess"); got != icp.FilingMismatches {
		t.Fatalf("the first: %q", got)
	}
	asked := func() int {
		n := 0
		for _, c := range b.sim.Calls() {
			if c.Operation == wire.OpVerifyBamm {
				n++
			}
		}
		return n
	}
	for range 3 {
		if _, _, wait := check(t, b.Gateway, "a1", licence, password); wait == 0 || wait > 70*time.Minute {
			t.Errorf("code 22: wait %s", wait)
		}
	}
	if n := asked(); n != 2 {
		t.Errorf("the authority was asked %d times, want no more after its 22", n)
	}
}

func TestKindsOfTheStatusQuery(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	later := b.node()
	later.Channel.Client.Profile.QueryKinds = map[int]wire.QueryKind{13: 13, 49: 1, 2: wire.QueryDomain}
	asked := func() int { return len(b.sim.Calls()) }
	for _, c := range refdata.Builtin().CertificateTypes() {
		number := fmt.Sprintf("NUMBER-OF-TYPE-%d", c.ID)
		if _, err := b.sim.Seed(sim.Subject{Licence: fmt.Sprintf("京ICP备20251000%02d号", c.ID), FilingPassword: password, Name: "某单位", Nature: 4, Province: 110000,
			CertificateType: int64(c.ID), CertificateNumber: number, Websites: []sim.Website{{Name: "旧站", Domains: []string{fmt.Sprintf("type%d.example.cn", c.ID)}}}}); err != nil {
			t.Fatal(err)
		}
		want, calls := authority.StandingUnknown, 0
		if c.ID <= 11 {
			want, calls = authority.StandingFiled, 1
		}
		before := asked()
		if got := b.SubjectStanding(t.Context(), c.ID, number); got != want || asked()-before != calls {
			t.Errorf("type %d (%s): %s after %d calls, want %s after %d", c.ID, c.ZH, got, asked()-before, want, calls)
		}
		if c.ID == 13 {
			if got := later.SubjectStanding(t.Context(), c.ID, number); got != authority.StandingFiled {
				t.Errorf("type 13 by the profile's table: %s", got)
			}
		}
	}
	if got := later.SubjectStanding(t.Context(), 49, "911101085513850820"); got != authority.StandingFiled {
		t.Errorf("type 49, asked as a business licence: %s", got)
	}
	if got := later.SubjectStanding(t.Context(), 2, "NUMBER-OF-TYPE-2"); got != authority.StandingUnknown {
		t.Errorf("type 2, taken out by the profile: %s", got)
	}
}
