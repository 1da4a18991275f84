package sim

import (
	"slices"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// keptCalls bounds the list of calls.
const keptCalls = 200

// Call is one call of the interface as the list of calls has it, to see what a
// client under development does. The list is not kept over a restart.
type Call struct {
	At         time.Time      `json:"at"`
	Operation  wire.Operation `json:"operation,omitempty"` // empty when the request could not be read
	ProviderID int64          `json:"provider_id,omitempty"`
	// About is the number or name of the file, or why a request was refused.
	About string `json:"about,omitempty"`
	// Code is the method code; 0 too when no answer was made.
	Code int64 `json:"code"`
	// Fault is what went wrong by order or by chance.
	Fault FaultKind `json:"fault,omitempty"`
}

func (s *Server) note(c *call, m manners) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) >= keptCalls {
		s.calls = slices.Delete(s.calls, 0, 1)
	}
	s.calls = append(s.calls, Call{At: s.cfg.Clock.Now(), Operation: c.op, ProviderID: c.provider, About: c.about, Code: c.code, Fault: m.kind})
}

// Calls gives the newest calls, the last first.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.calls)
	slices.Reverse(out)
	return out
}
