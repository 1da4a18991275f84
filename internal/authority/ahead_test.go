package authority_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/icp"
)

// Orders that are made ready at once go into files in their order all the same,
// and one whose materials cannot be read holds up no other.
func TestOrdersMadeReadyAtOnceKeepTheirOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(_ *sim.Config, c *authority.Config) { c.Workers, c.Channel.MaxRecords = 3, 2 })
	var orders []*icp.Order
	for i := range 5 {
		orders = append(orders, b.ready(fmt.Sprintf("n%d.example.cn", i)))
	}
	broken := b.order(orders[1].ID).Materials[0].BlobKey
	var mu sync.Mutex
	opened := 0
	b.blobs.when(func(op, key string) error {
		mu.Lock()
		defer mu.Unlock()
		opened++
		if key == broken {
			return errDied
		}
		return nil
	})
	b.up()
	b.want("the broken one", b.state(orders[1].ID), icp.StateReady)
	var domains []string
	for _, r := range b.sim.Records() {
		domains = append([]string{r.Domains()[0]}, domains...)
	}
	b.want("records", strings.Join(domains, " "), "n0.example.cn n2.example.cn n3.example.cn n4.example.cn")
	b.want("files", len(b.files()), 2)
	if opened < 3*4 {
		t.Errorf("materials opened %d times", opened)
	}
}

// A run that is told to end ends, whatever is under way.
func TestRunThatIsCancelledWhileOrdersAreMadeReady(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(_ *sim.Config, c *authority.Config) { c.Workers = 2 })
	var orders []*icp.Order
	for i := range 5 {
		orders = append(orders, b.ready(fmt.Sprintf("n%d.example.cn", i)))
	}
	ctx, cancel := context.WithCancel(t.Context())
	b.blobs.when(func(string, string) error {
		cancel()
		return nil
	})
	if err := b.Upload(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	b.blobs.when(nil)
	b.up()
	for _, o := range orders {
		b.want("state", b.state(o.ID), icp.StateSMSPending)
	}
	b.want("records", len(b.sim.Records()), len(orders))
}
