package authority_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
)

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

// TestFaultsInPairs lets every fault follow on every other. One order is at the
// authority before, so that it has a file to ask for again; a second is sent and
// decided while both strike; then all is calm, and everything must be as if
// nothing had been.
func TestFaultsInPairs(t *testing.T) {
	t.Parallel()
	all := everyFault()
	if len(all) < 33 {
		t.Fatalf("only %d faults", len(all))
	}
	for first, a := range all {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			s := &scope{TB: t, dir: t.TempDir()}
			defer s.end()
			n := 0
			for second, b := range all {
				n++
				dir := filepath.Join(s.dir, fmt.Sprint(n))
				if err := os.Mkdir(dir, 0o700); err != nil {
					t.Fatal(err)
				}
				pair(&scope{TB: t, dir: dir}, first+", then "+second, a, b)
			}
		})
	}
}

// pair runs one pair.
func pair(s *scope, name string, a, b sim.Fault) {
	defer s.end()
	w := newWorld(s)
	upload := func() { w.run(0, (*authority.Gateway).Upload) }
	poll := func() { w.run(1, (*authority.Gateway).Poll) }
	w.order(0)
	upload()
	w.misbehave(a, b)
	w.order(1)
	for range 3 { // enough for both to strike, whatever they wait for
		upload()
		poll()
		w.pause()
		w.decideAll(func() bool { return true })
	}
	w.settle(func() bool { return true })
	w.end()
	for _, o := range w.orders {
		if got := w.state(o.ID); got != "filed" {
			s.Errorf("%s: %s is %s", name, o.Data.Websites[0].Domain, got)
		}
	}
	if n := len(w.sim.Channels()[0].Waiting); n > 0 || w.row().Health != "" {
		s.Errorf("%s: %d files wait, health %q", name, n, w.row().Health)
	}
}
