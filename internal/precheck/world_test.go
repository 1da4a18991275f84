package precheck

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

// now is a Tuesday noon in China.
var now = time.Date(2026, 3, 10, 4, 0, 0, 0, time.UTC)

const (
	natureUnit = icp.NatureEnterprise
	natureMe   = icp.NatureIndividual
	beijing    = "110000"
	// Invented, with good checksums.
	creditCode = "91110108MA0YK7W261"
	residentID = "110108199305160025"
	holder     = "林知夏"
)

// outside is the world as a test wants it: a registered, verified domain that
// nobody has filed, no website on it, and an authority that does not know
// certificates. Its zero value is that.
type outside struct {
	facts    func(*domaincheck.Facts)
	absent   bool
	silent   bool // nobody answers before the time is over
	filing   domaincheck.Filing
	open     bool
	held     bool
	standing Standing
}

func (o *outside) Lookup(ctx context.Context, n domaincheck.Name) (domaincheck.Facts, error) {
	if o.silent {
		<-ctx.Done()
		return domaincheck.Facts{}, ctx.Err()
	}
	if o.absent {
		return domaincheck.Facts{}, domaincheck.ErrNoDomain
	}
	f := domaincheck.Facts{Domain: n.ASCII, Registrar: "x", RegistrarID: "120", Created: now.AddDate(-1, 0, 0), Expires: now.AddDate(2, 0, 0),
		RegistrantName: holder, RealName: domaincheck.RealNameVerified, RealNameSince: now.AddDate(-1, 0, 0),
		Origin: domaincheck.FromRDAP, FetchedAt: now, Raw: "Registrant: " + holder}
	if o.facts != nil {
		o.facts(&f)
	}
	return f, nil
}

func (o *outside) FilingStatus(ctx context.Context, _ string) (domaincheck.Filing, error) {
	if o.silent {
		<-ctx.Done()
		return domaincheck.Filing{}, ctx.Err()
	}
	return o.filing, nil
}

func (o *outside) HoldsDomain(context.Context, string, icp.OrderID) (bool, error) { return o.held, nil }

func (o *outside) Probe(_ context.Context, n domaincheck.Name) (domaincheck.Answer, error) {
	if !o.open {
		return domaincheck.Answer{}, nil
	}
	return domaincheck.Answer{Open: true, URL: "http://" + n.ASCII, Status: 200, Address: "203.0.113.9", Title: holder + "的主页"}, nil
}

func (o *outside) SubjectFiling(ctx context.Context, _ int, _ string) Standing {
	if o.silent {
		<-ctx.Done() // an answer after the time is none
		return Standing{Filed: order.Yes}
	}
	return o.standing
}

// inForce are rules in force.
type inForce struct{ set *rules.Set }

func (r inForce) Set() *rules.Set { return r.set }
func (r inForce) Version() string { return r.set.Version() }

var builtin = sync.OnceValue(func() *rules.Set {
	set, err := rules.Builtin(refdata.Builtin())
	if err != nil {
		panic(err)
	}
	return set
})

// desk is a pre-check over a real store and the product's own rules.
type desk struct {
	*Prechecks
	t     *testing.T
	store *store.Store
	clock *clock.Manual
}

func newDesk(t *testing.T, o outside, change ...func(*Options)) *desk {
	t.Helper()
	d := &desk{t: t, store: storetest.NewSQLite(t), clock: clock.NewManual(now)}
	lists := saved.Lists{Tables: refdata.Builtin()}
	checker, err := domaincheck.NewChecker(domaincheck.Options{Source: &o, TLDs: lists, Registrars: lists, Calendar: refdata.Builtin().Calendar().Known(),
		Filings: &o, Orders: &o, Prober: &o, Clock: d.clock})
	if err != nil {
		t.Fatal(err)
	}
	options := Options{Store: d.store, Clock: d.clock, Tables: refdata.Builtin(), Checker: checker, Authority: &o, Rules: inForce{builtin()},
		Limits: inventory.Defaults(), Terms: order.DefaultTerms(refdata.Builtin().Calendar()), AccountWait: 48 * time.Hour}
	for _, f := range change {
		f(&options)
	}
	d.Prechecks = New(options)
	return d
}

func (d *desk) run(in Input) Report {
	d.t.Helper()
	k, err := d.Run(d.t.Context(), in, "203.0.113.5")
	if err != nil {
		d.t.Fatal(err)
	}
	return k.Report
}

// unit and individual are what a visitor tells at least.
func unit() Input       { return Input{Domain: "yunshan-keji.cn", Nature: natureUnit, Region: beijing} }
func individual() Input { return Input{Domain: "linzhixia.com", Nature: natureMe, Region: beijing} }

// known is a unit whose certificate the authority knows.
func known() Input {
	in := unit()
	in.CertificateType, in.CertificateNumber = icp.CertBusinessLicence, creditCode
	return in
}

var filedSubject = outside{standing: Standing{Filed: order.Yes, LicenceNo: "京ICP备2021000001号"}}
