package authority_test

import (
	"context"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

// told makes the real cases the gateway's port, as the program does.
type told struct{ *casework.Cases }

func (t told) Bounced(ctx context.Context, tx *store.Tx, id icp.OrderID, errs []authority.DataError) error {
	var out []casework.DataError
	for _, e := range errs {
		out = append(out, casework.DataError(e))
	}
	return t.Cases.Bounced(ctx, tx, id, out)
}

// Recheck finds every order fit: those of the bench have no more answers than
// a record needs.
func (told) Recheck(context.Context, *store.Tx, icp.OrderID) (bool, error) { return false, nil }

func (t told) Results(ctx context.Context, tx *store.Tx, id icp.OrderID, subject string, results []authority.SiteResult) error {
	var out []casework.SiteResult
	for _, r := range results {
		out = append(out, casework.SiteResult(r))
	}
	return t.Cases.Results(ctx, tx, id, subject, out)
}

// The rest of what the cases need does nothing here.
type (
	quiet    struct{ casework.Notices }
	lent     struct{ casework.Resources }
	register struct{ casework.Register }
)

// noRules object to nothing, no domain was checked, and the authority is not asked.
type (
	noRules         struct{ casework.Rules }
	unchecked       struct{ casework.Domains }
	silentAuthority struct{ casework.Authority }
)

func (noRules) Evaluate(rules.Case, time.Time) rules.Result { return rules.Result{} }
func (noRules) Version() string                             { return "none" }
func (unchecked) Known(context.Context, *store.Tx, icp.AccountID, []string, casework.DomainNames, time.Time) (map[string]casework.DomainKnown, error) {
	return nil, nil
}
func (silentAuthority) Wake(context.Context, *store.Tx, *icp.Order) error { return nil }
func (lent) Check(context.Context, *store.Tx, *icp.Order, *icp.Website, time.Time) (string, map[string]string, error) {
	return "", nil, nil
}

func (quiet) Notify(context.Context, *store.Tx, casework.Notice, time.Time) error { return nil }
func (lent) Filed(context.Context, *store.Tx, icp.OrderID, time.Time) error       { return nil }
func (register) Publish(context.Context, *store.Tx, *icp.Order, time.Time) error  { return nil }

func TestWithTheRealCases(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	service := &casework.Cases{Store: b.store, Blobs: b.blobs, Clock: b.clock, Tables: b.Tables, Terms: b.cases.terms(),
		Notices: quiet{}, Resources: lent{}, Register: register{}}
	b.Gateway = b.node(func(_ *sim.Config, c *authority.Config) { c.Cases = told{service} })
	filed := b.ready("filed.example.cn")
	rejected := b.ready("rejected.example.cn")
	wrong := b.ready("wrong.example.cn", func(o *icp.Order) { o.Data.Websites[0].Principal.Email = "zhou@nowhere" })
	rare := b.ready("rare.example.cn", func(o *icp.Order) { o.Data.Websites[0].Name = "𠮷祥" })
	b.up()
	for _, r := range b.sim.Records() {
		var err error
		switch r.Domains()[0] {
		case "filed.example.cn":
			if err = b.sim.PassSMS(r.ID); err == nil {
				err = b.sim.Approve(r.ID)
			}
		case "rejected.example.cn":
			if err = b.sim.PassSMS(r.ID); err == nil {
				err = b.sim.Reject(r.ID, "不符")
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b.down()
	o := b.order(filed.ID)
	b.want("filed", o.State, icp.StateFiled)
	b.want("licence", o.Data.Websites[0].LicenceNo, licence+"-2")
	b.want("password kept", o.Data.Filing.PasswordDigest, "")
	o = b.order(rejected.ID)
	b.want("rejected", o.State, icp.StateAuthorityRejected)
	b.want("opinion", o.Data.AuthorityOpinion, "不符")
	o = b.order(wrong.ID)
	b.want("wrong", o.State, icp.StateReturnedToProvider)
	b.want("finding", o.Data.Findings[0].Pointer+" "+o.Data.Findings[0].Params["code"], "/websites/0/principal/email 1009")
	o = b.order(rare.ID)
	b.want("rare", o.State, icp.StateReturnedToProvider)
	b.want("finding", o.Data.Findings[0].Pointer+" "+o.Data.Findings[0].Params["code"], "/websites/0/name 5008")
	// Sent again it gets a file of its own.
	b.decide(wrong.ID, order.Resend, operator, order.Facts{})
	b.up()
	b.want("sent again", b.state(wrong.ID), icp.StateSMSPending)
	for _, d := range b.received() {
		b.want("download", string(d.State)+d.LastError, "applied")
	}
}

// twoPrincipals completes an order's answers and gives it a second website with a
// principal of its own.
func twoPrincipals(domain string) func(*icp.Order) {
	return func(o *icp.Order) {
		subject, p := &o.Data.Subject, &o.Data.Subject.Principal
		subject.CertificateAddress, subject.Address, subject.Investor = "北京市海淀区学院路 1 号", "学院路 1 号 2 层", subject.Name
		p.Role, p.CertificateUntil, p.EmergencyPhone = icp.RoleLegal, "2036-01-01", "13900139000"
		o.Data.Websites[0].Principal, o.Data.Filing.Check = *p, icp.FilingMatches
		second := o.Data.Websites[0].Principal
		second.Name, second.Mobile, second.CertificateNumber, second.Email = "林夏", "13700137000", "110101199003074477", "lin@example.com"
		w := website("w2", domain, second)
		w.SameAsSubject = false
		o.Data.Websites = append(o.Data.Websites, w)
	}
}

// One of two persons verifies with the authority, the other does not: the order
// comes back for that one and is sent again as it is.
func TestAnSMSCheckThatOneOfTwoPassedIsSentAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBenchOn(t, s)
		service := &casework.Cases{Store: b.store, Blobs: b.blobs, Clock: b.clock, Tables: b.Tables, Terms: b.cases.terms(), Rules: noRules{}, Limits: form.Limits{Websites: 10},
			Notices: quiet{}, Resources: lent{}, Register: register{}, Domains: unchecked{}, Authority: silentAuthority{}}
		b.Gateway = b.node(func(_ *sim.Config, c *authority.Config) { c.Cases = told{service} })
		o := b.ready("mixed-a.example.cn", twoPrincipals("mixed-b.example.cn"))
		for _, kind := range []icp.MaterialKind{icp.MaterialWebsitePrincipalFront, icp.MaterialWebsitePrincipalBack} {
			b.material(o.ID, kind, "w2", picture())
		}
		b.up()
		r := b.sim.Records()[0]
		if len(r.SMS) != 2 || len(b.order(o.ID).SMSChecks()) != 2 {
			t.Fatalf("the authority texts %+v, we wait for %+v", r.SMS, b.order(o.ID).SMSChecks())
		}
		if err := b.sim.PassSMSOf(r.ID, 1); err != nil {
			t.Fatal(err)
		}
		applicant := icp.Actor{Account: o.Account, Party: icp.Applicant}
		if _, err := service.ConfirmSMS(t.Context(), applicant, o.ID, casework.SMSSaid{Check: "1-1"}); err != nil {
			t.Fatal(err)
		}
		b.clock.Advance(24 * time.Hour)
		if _, err := service.RunClocks(t.Context(), 10); err != nil { // ours ends it a moment before the authority tells
			t.Fatal(err)
		}
		back := b.order(o.ID)
		b.want("after a day", back.State, icp.StateReturnedToProvider)
		b.want("who verified", back.SMSChecks()[0].State, icp.SMSDone)
		b.want("who did not", back.SMSChecks()[1].State, icp.SMSTimedOut)
		if _, err := service.ResendSMS(t.Context(), applicant, o.ID, back.Version); err != nil {
			t.Fatal(err)
		}
		b.down() // the authority's return, which is about the first round
		b.want("the return changes nothing", b.state(o.ID), icp.StateReady)
		b.up()
		again := b.order(o.ID)
		b.want("sent again", again.State, icp.StateSMSPending)
		b.want("round", again.SMSRound(), 2)
		r = b.sim.Records()[0]
		for person := range 2 {
			if err := b.sim.PassSMSOf(r.ID, person+1); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.sim.Approve(r.ID); err != nil {
			t.Fatal(err)
		}
		b.down()
		filed := b.order(o.ID)
		b.want("at the end", filed.State, icp.StateFiled)
		b.want("settled by", filed.SMSChecks()[1].Word.By, icp.Authority)
	})
}
