package authority_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

var every = flag.Int("pairs.every", everyPair, "try every n-th pair of faults; 1 is all")

// everyFault lists each fault of the authority for each method that it can
// strike: what is drawn at random, and what only an order brings.
func everyFault() map[string]sim.Fault {
	out := map[string]sim.Fault{}
	add := func(op wire.Operation, f sim.Fault) {
		f.Operation = op
		name := fmt.Sprintf("%s of %s", f.Kind, op)
		if f.Code != 0 {
			name = fmt.Sprintf("code %d of %s", f.Code, op)
		}
		out[name] = f
	}
	for _, op := range []wire.Operation{wire.OpUpload, wire.OpQueryPreviousUpload, wire.OpDownload, wire.OpDownloadAck} {
		for _, kind := range []sim.FaultKind{sim.FaultDrop, sim.FaultLoseReply, sim.FaultRestart, sim.FaultRestartAfter, sim.FaultSlow} {
			add(op, sim.Fault{Kind: kind})
		}
		add(op, sim.Fault{Kind: sim.FaultCode, Code: 999})
	}
	for _, code := range []int64{14, 15, 20, 901} {
		add(wire.OpUpload, sim.Fault{Kind: sim.FaultCode, Code: code})
	}
	add(wire.OpQueryPreviousUpload, sim.Fault{Kind: sim.FaultCode, Code: 901})
	add(wire.OpDownload, sim.Fault{Kind: sim.FaultCode, Code: 902})
	add(wire.OpDownloadAck, sim.Fault{Kind: sim.FaultCode, Code: 902})
	for _, kind := range []sim.FaultKind{sim.FaultGarble, sim.FaultWrongHash, sim.FaultDuplicate, sim.FaultReorder} {
		add(wire.OpDownload, sim.Fault{Kind: kind})
	}
	add(wire.OpDownloadAck, sim.Fault{Kind: sim.FaultKeep})
	return out
}

// TestFaultsInPairs lets every fault follow on every other. One order was filed
// before, so that the authority has a file to ask for again; the next is sent and
// decided while both strike; then all is calm, and everything must be as if
// nothing had been. An ordinary run takes a part of them; make check-model all.
func TestFaultsInPairs(t *testing.T) {
	t.Parallel()
	all := everyFault()
	if len(all) < 33 {
		t.Fatalf("only %d faults", len(all))
	}
	names := slices.Sorted(maps.Keys(all))
	for at, first := range names {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			s := &scope{TB: t, dir: t.TempDir()}
			defer s.end()
			w := newWorld(s)
			if err := w.store.Migrate(t.Context()); err != nil { // prepares the statements
				t.Fatal(err)
			}
			w.order(0)
			w.settle(func() bool { return true })
			for i, second := range names {
				if (i+at)%*every != 0 {
					continue
				}
				w.pair(i%4, first+", then "+second, all[first], all[second])
			}
			w.end()
		})
	}
}

// pair runs one pair over one order.
func (w *world) pair(account int, name string, a, b sim.Fault) {
	w.t.Helper()
	w.misbehave(a, b)
	w.order(account)
	one := w.orders[len(w.orders)-1]
	for range 3 { // enough for both to strike, whatever they wait for
		w.run(0, (*authority.Gateway).Upload)
		w.run(1, (*authority.Gateway).Poll)
		w.pause()
		w.decideAll(func() bool { return true })
	}
	w.settle(func() bool { return true })
	if got := w.state(one.ID); got != icp.StateFiled {
		w.t.Errorf("%s: the order is %s", name, got)
	}
	if c := w.row(); len(w.sim.Channels()[0].Waiting) > 0 || c.Health != "" || c.Paused {
		w.t.Errorf("%s: waiting %v, channel %+v", name, w.sim.Channels()[0].Waiting, c)
	}
}
