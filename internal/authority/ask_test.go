package authority_test

import (
	"errors"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
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
			got, err := b.VerifyFiling(t.Context(), c.licence, c.password)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("%q, %v, want %q, %v", got, err, c.want, c.err)
			}
		})
	}
}

func TestPasswordIsCheckedLessOftenThanTheAuthorityAllows(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 4 {
		if got, err := b.VerifyFiling(t.Context(), licence, "guess"); err != nil || got != icp.FilingMismatches {
			t.Fatalf("check %d: %q, %v", i, got, err)
		}
	}
	_, err := b.VerifyFiling(t.Context(), licence, password)
	var e *icp.Error
	if !errors.As(err, &e) || e.Kind != icp.Limited || e.RetryAfter <= 0 || e.RetryAfter > time.Hour {
		t.Fatalf("fifth check: %v", err)
	}
	if got, err := b.VerifyFiling(t.Context(), licenceOf(1), password); err != nil || got != icp.FilingMatches {
		t.Errorf("another number: %q, %v", got, err)
	}
	b.clock.Advance(time.Hour)
	if got, err := b.VerifyFiling(t.Context(), licence, password); err != nil || got != icp.FilingMatches {
		t.Errorf("an hour later: %q, %v", got, err)
	}
}
