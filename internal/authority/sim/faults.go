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
	FaultDrop      FaultKind = "drop"       // the connection breaks, nothing was done
	FaultLoseReply FaultKind = "lose_reply" // it was done, then the connection breaks
	FaultCode      FaultKind = "code"       // the method answers Code, nothing was done
	FaultDataCode  FaultKind = "data_code"  // the next checked record gets the data code Code
	FaultGarble    FaultKind = "garble"     // a download's base64 is cut
	FaultWrongHash FaultKind = "wrong_hash" // a download's hash is another
	FaultKeep      FaultKind = "keep"       // an acknowledgement is answered with 0, the file comes again
	FaultSlow      FaultKind = "slow"       // the answer takes DelayMS longer
)

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

// manners are what one call has to suffer.
type manners struct {
	drop, loseReply, garble, wrongHash, keep bool
	code                                     int64
	delay                                    time.Duration
}

func (f Fault) strikes(op wire.Operation) bool {
	if f.Operation != "" && f.Operation != op {
		return false
	}
	switch f.Kind {
	case FaultGarble, FaultWrongHash:
		return op == wire.OpDownload
	case FaultKeep:
		return op == wire.OpDownloadAck
	case FaultDataCode:
		return false // strikes records, see scripted
	default:
		return true
	}
}

func (m *manners) add(f Fault) {
	switch f.Kind {
	case FaultDrop:
		m.drop = true
	case FaultLoseReply:
		m.loseReply = true
	case FaultCode:
		m.code = f.Code
	case FaultGarble:
		m.garble = true
	case FaultWrongHash:
		m.wrongHash = true
	case FaultKeep:
		m.keep = true
	case FaultSlow:
		m.delay += time.Duration(f.DelayMS) * time.Millisecond
	case FaultDataCode: // strikes records, see scripted
	}
}

// manners takes the first ordered fault that strikes a call, or draws one.
func (s *Server) manners(op wire.Operation) manners {
	s.mu.Lock()
	defer s.mu.Unlock()
	var m manners
	for i, f := range s.st.Faults {
		if f.strikes(op) {
			m.add(f)
			s.used(i)
			return m
		}
	}
	if s.cfg.Misbehave > 0 && s.random.Float64() < s.cfg.Misbehave {
		random := []Fault{{Kind: FaultDrop}, {Kind: FaultLoseReply}, {Kind: FaultCode, Code: 901}, {Kind: FaultGarble}, {Kind: FaultWrongHash}, {Kind: FaultKeep}}
		random = slices.DeleteFunc(random, func(f Fault) bool { return !f.strikes(op) })
		m.add(random[s.random.IntN(len(random))])
	}
	return m
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
		switch faults[i].Kind {
		case FaultDrop, FaultLoseReply, FaultCode, FaultDataCode, FaultGarble, FaultWrongHash, FaultKeep, FaultSlow:
		default:
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
