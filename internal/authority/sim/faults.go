package sim

import (
	"slices"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// FaultKind is a way to misbehave. Each way to fail has a twin in which the
// thing happened all the same.
type FaultKind string

// The kinds.
const (
	FaultDrop         FaultKind = "drop"          // the connection breaks, nothing was done
	FaultLoseReply    FaultKind = "lose_reply"    // it was done, then the connection breaks
	FaultCode         FaultKind = "code"          // the method answers Code, nothing was done
	FaultDataCode     FaultKind = "data_code"     // the next checked record gets the data code Code
	FaultGarble       FaultKind = "garble"        // a download's base64 is cut
	FaultWrongHash    FaultKind = "wrong_hash"    // a download's hash is another
	FaultKeep         FaultKind = "keep"          // an acknowledgement is answered with 0, the file comes again
	FaultDuplicate    FaultKind = "duplicate"     // a download comes again under another name
	FaultReorder      FaultKind = "reorder"       // the newest waiting file is delivered before the older ones
	FaultSlow         FaultKind = "slow"          // the answer takes DelayMS longer
	FaultRestart      FaultKind = "restart"       // the server restarts, nothing was done; it is away for DelayMS
	FaultRestartAfter FaultKind = "restart_after" // the same after it was done
)

// faultKinds are all kinds in the order in which people are shown them.
var faultKinds = []FaultKind{FaultDrop, FaultLoseReply, FaultCode, FaultDataCode, FaultGarble, FaultWrongHash, FaultKeep, FaultDuplicate, FaultReorder,
	FaultSlow, FaultRestart, FaultRestartAfter}

// Fault is an order to misbehave for some calls.
type Fault struct {
	Kind FaultKind `json:"kind"`
	// Operation is the method that it strikes; empty means any that fits.
	Operation wire.Operation `json:"operation,omitempty"`
	Code      int64          `json:"code,omitempty"`
	// Times is how many calls it strikes; 0 means one.
	Times   int   `json:"times"`
	DelayMS int64 `json:"delay_ms,omitempty"`
}

// drawn are the faults that strike at random, all of which a good client gets
// over; the weight says how often against the others that fit a call.
var drawn = []struct {
	Fault
	weight int
}{
	{Fault{Kind: FaultDrop}, 3},
	{Fault{Kind: FaultLoseReply}, 3},
	{Fault{Kind: FaultCode, Operation: wire.OpUpload, Code: codeMissing}, 2},
	{Fault{Kind: FaultCode, Operation: wire.OpUpload, Code: codeQueueFull}, 2},
	{Fault{Kind: FaultCode, Operation: wire.OpUpload, Code: codeHours}, 1},
	{Fault{Kind: FaultCode, Operation: wire.OpUpload, Code: codeReportMaintenance}, 1},
	{Fault{Kind: FaultCode, Operation: wire.OpDownload, Code: codeDownloadMaintenance}, 1},
	{Fault{Kind: FaultGarble}, 2},
	{Fault{Kind: FaultWrongHash}, 2},
	{Fault{Kind: FaultKeep}, 3},
	{Fault{Kind: FaultDuplicate}, 2},
	{Fault{Kind: FaultReorder}, 2},
	{Fault{Kind: FaultSlow, DelayMS: 300}, 2},
	{Fault{Kind: FaultRestart, DelayMS: 500}, 1},
	{Fault{Kind: FaultRestartAfter, DelayMS: 500}, 1},
}

// manners are what one call has to suffer.
type manners struct {
	kind         FaultKind
	code         int64 // that the method answers; a missing number is upload's own, see askAgain
	askAgain     bool
	delay, pause time.Duration
}

func mannersOf(f Fault) manners {
	m, ms := manners{kind: f.Kind}, time.Duration(f.DelayMS)*time.Millisecond
	switch f.Kind {
	case FaultCode:
		m.askAgain = f.Code == codeMissing
		if !m.askAgain {
			m.code = f.Code
		}
	case FaultSlow:
		m.delay = ms
	case FaultRestart, FaultRestartAfter:
		m.pause = ms
	default: // the kind says it all
	}
	return m
}

func (m manners) is(kind FaultKind) bool { return m.kind == kind }
func (m manners) drops() bool            { return m.is(FaultDrop) || m.is(FaultRestart) }
func (m manners) restarts() bool         { return m.is(FaultRestart) || m.is(FaultRestartAfter) }
func (m manners) breaks() bool           { return m.drops() || m.restarts() || m.is(FaultLoseReply) }

func (f Fault) strikes(op wire.Operation) bool {
	if f.Operation != "" && f.Operation != op {
		return false
	}
	switch f.Kind {
	case FaultGarble, FaultWrongHash, FaultDuplicate, FaultReorder:
		return op == wire.OpDownload
	case FaultKeep:
		return op == wire.OpDownloadAck
	case FaultDataCode:
		return false // strikes records, see scripted
	default:
		return true
	}
}

// manners takes the first ordered fault that strikes a call, or draws one.
func (s *Server) manners(op wire.Operation) manners {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.st.Faults {
		if f.strikes(op) {
			s.used(i)
			return mannersOf(f)
		}
	}
	if s.set.Faults > 0 && s.random.Float64() < s.set.Faults {
		return mannersOf(s.draw(op))
	}
	return manners{}
}

// draw picks one of the faults that strike an operation, by their weights.
func (s *Server) draw(op wire.Operation) Fault {
	total := 0
	for _, d := range drawn {
		if d.strikes(op) {
			total += d.weight
		}
	}
	at := s.random.IntN(total) // some strike every operation
	for _, d := range drawn {
		if !d.strikes(op) {
			continue
		}
		if at -= d.weight; at < 0 {
			return d.Fault
		}
	}
	return Fault{}
}

// used counts a fault down.
func (s *Server) used(i int) {
	if s.st.Faults[i].Times--; s.st.Faults[i].Times <= 0 {
		s.st.Faults = slices.Delete(s.st.Faults, i, i+1)
	}
}

// scripted gives the data code that is ordered for the next record, or 0.
func (s *Server) scripted() int64 {
	for i, f := range s.st.Faults {
		if f.Kind == FaultDataCode {
			s.used(i)
			return f.Code
		}
	}
	return 0
}

// Misbehave orders faults. The error is icp.Invalid for an unknown kind.
func (s *Server) Misbehave(faults ...Fault) error {
	for i := range faults {
		if !slices.Contains(faultKinds, faults[i].Kind) {
			return icp.InvalidField("/kind", "authority.sim_fault")
		}
		faults[i].Times = max(faults[i].Times, 1)
	}
	return s.change(func(time.Time) error {
		s.st.Faults = append(s.st.Faults, faults...)
		return nil
	})
}

// Behave takes all ordered faults back.
func (s *Server) Behave() {
	_ = s.change(func(time.Time) error { // never fails
		s.st.Faults = nil
		return nil
	})
}

func (s *Server) faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.st.Faults)
}

// restart forgets all that a restart of the process would: everything that is
// not in the snapshot. For a while the server does not answer calls.
func (s *Server) restart(pause time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	again, err := s.st.reloaded()
	if err != nil {
		s.cfg.Log.Error("simulator could not restart", "err", err)
		return
	}
	s.st, s.idx, s.calls = again, newIndex(again), nil
	s.downUntil = s.cfg.Clock.Now().Add(pause)
}

func (s *Server) isDown() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.Clock.Now().Before(s.downUntil)
}
