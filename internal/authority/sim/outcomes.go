package sim

import (
	"slices"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// Fate is what becomes of a record by order.
type Fate string

// The fates. All but FateFail wait for a record that passes the checks.
const (
	FateApprove   Fate = "approve"    // the SMS check passes, the review too
	FateReject    Fate = "reject"     // the SMS check passes, the review refuses with Reason
	FateSMSExpire Fate = "sms_expire" // the SMS check runs out
	FateHold      Fate = "hold"       // nothing happens by itself
	FateFail      Fate = "fail"       // the checks find Codes
)

var fates = []Fate{FateApprove, FateReject, FateSMSExpire, FateHold, FateFail}

// Outcome is an order for the next records, before all that decides by itself.
type Outcome struct {
	Fate   Fate    `json:"fate"`
	Reason string  `json:"reason,omitempty"` // the reviewer's opinion, word for word
	Codes  []int64 `json:"codes,omitempty"`  // data codes of FateFail
	// Times is how many records it is for; 0 means one.
	Times int `json:"times"`
}

func (o Outcome) check() error {
	if !slices.Contains(fates, o.Fate) {
		return icp.InvalidField("/fate", "authority.sim_fate")
	}
	if o.Fate == FateFail && len(o.Codes) == 0 {
		return icp.InvalidField("/codes", "authority.sim_fate")
	}
	return nil
}

// Script orders outcomes for the next records, in this order. The error is
// icp.Invalid.
func (s *Server) Script(outcomes ...Outcome) error {
	for i := range outcomes {
		if err := outcomes[i].check(); err != nil {
			return err
		}
		outcomes[i].Times = max(outcomes[i].Times, 1)
	}
	return s.change(func(time.Time) error {
		s.st.Outcomes = append(s.st.Outcomes, outcomes...)
		return nil
	})
}

// Unscript takes all ordered outcomes back.
func (s *Server) Unscript() {
	_ = s.change(func(time.Time) error { // never fails
		s.st.Outcomes = nil
		return nil
	})
}

func (s *Server) outcomes() []Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.st.Outcomes)
}

// nextOutcome takes the first ordered outcome for a record; passed says whether
// its own checks let it through.
func (s *Server) nextOutcome(passed bool) *Outcome {
	if len(s.st.Outcomes) == 0 {
		return nil
	}
	o := s.st.Outcomes[0]
	if !passed && o.Fate != FateFail {
		return nil
	}
	if s.st.Outcomes[0].Times--; s.st.Outcomes[0].Times <= 0 {
		s.st.Outcomes = slices.Delete(s.st.Outcomes, 0, 1)
	}
	o.Times = 1
	return &o
}
