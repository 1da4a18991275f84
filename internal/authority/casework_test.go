package authority_test

import (
	"context"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
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
