package authority_test

import (
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

// TestOldFaultThatComesAgain shows what interface 3.0 leaves to guess. A
// machine's word about an added website names the subject and nothing else, and
// two faults of two sendings may be the same to the byte. So a fault that the
// authority hands out once more, under another name, after the order was sent
// again brings the order back to the provider, though its second record is in
// review. Nothing is lost by it: what the reviewer decides names our id, and the
// order follows.
func TestOldFaultThatComesAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	service := &casework.Cases{Store: b.store, Blobs: b.blobs, Clock: b.clock, Tables: b.Tables, Terms: b.cases.terms(),
		Notices: quiet{}, Resources: lent{}, Register: register{}}
	b.Gateway = b.node(func(_ *sim.Config, c *authority.Config) { c.Cases = told{service} })
	if err := b.sim.Script(sim.Outcome{Fate: sim.FateFail, Codes: []int64{1018}}); err != nil {
		t.Fatal(err)
	}
	o := b.ready("cedar.example.cn")
	b.up()
	b.misbehave(sim.Fault{Kind: sim.FaultDuplicate, Operation: wire.OpDownload}, sim.Fault{Kind: sim.FaultDrop, Operation: wire.OpDownload})
	b.down() // the fault arrives; the line breaks before it comes again
	b.want("state", b.state(o.ID), icp.StateReturnedToProvider)
	b.decide(o.ID, order.Resend, operator, order.Facts{})
	b.up()
	b.want("sent again", b.state(o.ID), icp.StateSMSPending)
	b.pause()
	b.down()
	b.want("the old fault is taken for a new one", b.state(o.ID), icp.StateReturnedToProvider)
	if err := b.sim.PassSMS(b.sim.Records()[0].ID); err != nil {
		t.Fatal(err)
	}
	b.approve()
	b.pause()
	b.down()
	b.want("decided", b.state(o.ID), icp.StateFiled)
	b.want("records", len(b.sim.Records()), 2)
}
