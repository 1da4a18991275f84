package authority

import (
	"context"
	"sync"

	"github.com/openbeian/beian/internal/icp"
)

// ahead prepares orders while others of the same file are prepared: nearly all
// of that is work on pictures, which keeps several processors busy. next gives
// them in their order, once for each; at most [Config.Workers] are under way or
// wait to be taken, which bounds the memory. stop ends the work, and waits for
// it. Orders that were prepared and not taken are as ready as before; they only
// used up some ids.
func (g *Gateway) ahead(ctx context.Context, orders []icp.OrderID) (next func() (prepared, error), stop func()) {
	if g.Workers == 1 || len(orders) < 2 {
		i := -1
		return func() (prepared, error) {
			i++
			return g.prepare(ctx, orders[i])
		}, func() {}
	}
	type made struct {
		order prepared
		err   error
	}
	ctx, cancel := context.WithCancel(ctx)
	under := make(chan chan made, g.Workers-1) // in their order; the one that is waited for comes on top
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(under)
		for _, id := range orders {
			one := make(chan made, 1)
			select {
			case under <- one:
			case <-ctx.Done():
				return
			}
			wg.Go(func() {
				p, err := g.prepare(ctx, id)
				one <- made{p, err}
			})
		}
	})
	next = func() (prepared, error) {
		one, ok := <-under
		if !ok {
			return prepared{}, ctx.Err() // which ended before all were under way
		}
		m := <-one
		return m.order, m.err
	}
	return next, func() {
		cancel()
		wg.Wait()
	}
}
