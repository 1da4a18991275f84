package authority_test

import (
	"fmt"
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/icp"
)

// TestEveryOrderArrivesHoweverBadTheManners runs the gateway against an
// authority that does every other call wrong: replies get lost, files come
// twice, broken or out of order, numbers are asked for again, it restarts. No
// order may be lost or filed twice, and nobody may have to mend anything.
func TestEveryOrderArrivesHoweverBadTheManners(t *testing.T) {
	t.Parallel()
	const rounds = 10
	for seed := range uint64(2) {
		b := newBench(t, func(s *sim.Config, _ *authority.Config) {
			s.Misbehave, s.Seed, s.NoSMS, s.AutoApprove = 0.5, seed, true, true
		})
		var orders []icp.OrderID
		for i := range rounds {
			if i < 5 {
				orders = append(orders, b.ready(fmt.Sprintf("n%d.example.cn", i)).ID)
			} else {
				account := icp.AccountID(fmt.Sprintf("account%d", i-5))
				orders = append(orders, b.readyOf(account, licenceOf(i-5), fmt.Sprintf("n%d.example.cn", i)).ID)
			}
			b.up()
			b.pause()
			b.down()
			b.pause()
		}
		for tries := 0; b.filed(orders) < len(orders); tries++ {
			if tries > 200 {
				t.Fatalf("seed %d: %d of %d filed; channel %+v, files %+v", seed, b.filed(orders), len(orders), b.row(), b.files())
			}
			b.up()
			b.down()
			b.pause()
		}
		if c := b.row(); c.Paused {
			t.Errorf("seed %d: the channel is paused: %+v", seed, c)
		}
		if n := len(b.sim.Records()); n != len(orders) {
			t.Errorf("seed %d: the authority has %d records of %d orders", seed, n, len(orders))
		}
	}
}

func (b *bench) filed(orders []icp.OrderID) int {
	n := 0
	for _, id := range orders {
		if b.state(id) == icp.StateFiled {
			n++
		}
	}
	return n
}
