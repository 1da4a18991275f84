package sim

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// RecordState says how far a received record has come.
type RecordState string

// The states of a record.
const (
	Received    RecordState = "received"     // accepted, not yet checked
	Failed      RecordState = "failed"       // the checks found faults; final
	AwaitingSMS RecordState = "awaiting_sms" // the filer has to enter the code
	SMSExpired  RecordState = "sms_expired"  // he did not; final
	InReview    RecordState = "in_review"    // a reviewer has to decide
	Approved    RecordState = "approved"     // final
	Rejected    RecordState = "rejected"     // final
)

func (s RecordState) isOpen() bool { return s == Received || s == AwaitingSMS || s == InReview }

// mayComeAgain says that the same ids may be sent anew.
func (s RecordState) mayComeAgain() bool { return s == Failed || s == SMSExpired || s == Rejected }

// Record is one request out of an uploaded file.
type Record struct {
	ID         int64       `json:"id"`
	ProviderID int64       `json:"provider_id"`
	Sequence   int64       `json:"sequence"`
	Action     int64       `json:"action"` // wire.Action…
	State      RecordState `json:"state"`
	ReceivedAt time.Time   `json:"received_at"`
	// Since is when the present state began.
	Since       time.Time `json:"since"`
	SMSDeadline time.Time `json:"sms_deadline,omitzero"`
	// SMS are those who were texted a code.
	SMS      []SMSPerson `json:"sms,omitempty"`
	Codes    []int64     `json:"codes,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Licences []string    `json:"licences,omitempty"`
	// Script is the ordered outcome that the record follows; nil for none.
	Script *Outcome `json:"script,omitempty"`
	// Request is what it asks for, without the contents of attachments; its type
	// is that of the action's operation.
	Request request `json:"request"`
}

// UnmarshalJSON reads a record with the request type of its action.
func (r *Record) UnmarshalJSON(b []byte) error {
	type plain Record
	in := struct {
		*plain
		Request json.RawMessage `json:"request"`
	}{plain: (*plain)(r)}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	op, ok := operationOf(r.Action)
	if !ok || len(in.Request) == 0 {
		return fmt.Errorf("record %d has no request that this edition knows; begin with a new file", r.ID)
	}
	r.Request = op.request()
	return json.Unmarshal(in.Request, r.Request)
}

// Domains are those that the request is about.
func (r *Record) Domains() []string {
	_, domains := r.Request.about()
	return domains
}

func (r *Record) moveTo(state RecordState, now time.Time) { r.State, r.Since = state, now }

// Records gives copies of all records, the newest first.
func (s *Server) Records() []Record { return s.recordsBefore(0, 0) }

// recordsBefore gives copies of at most limit records with smaller ids than
// before, the newest first; 0 means all.
func (s *Server) recordsBefore(before int64, limit int) []Record {
	var out []Record
	s.look(func() {
		for _, r := range slices.Backward(s.st.Records) {
			if before > 0 && r.ID >= before {
				continue
			}
			c := *r
			c.Codes, c.Licences = slices.Clone(r.Codes), slices.Clone(r.Licences)
			if out = append(out, c); len(out) == limit {
				return
			}
		}
	})
	return out
}
