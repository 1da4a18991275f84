package notify

import (
	"context"
	"errors"
	"time"
)

// Medium is a way on which a notice reaches people.
type Medium string

// The media. Console rows are read by the applicant after signing in and are
// never sent.
const (
	Mail    Medium = "mail"
	SMS     Medium = "sms"
	Console Medium = "console"
)

// Message is a notice as it leaves.
type Message struct {
	// Ref names the notice and is the same at every try; what a sender puts
	// into its request so that the other side can tell a repetition.
	Ref    string
	Medium Medium
	Kind   string // such as "returned" or "code.sign_up"
	To     string // an address or a mobile number
	Lang   string // BCP 47
	// Subject and HTML are of mails only.
	Subject string
	Text    string
	HTML    string
	At      time.Time // of this try
}

// Sender hands messages to the outside. Packages smtp, sms and inbox have some.
type Sender interface {
	// Send returns nil when the other side took the message, else a *Fault;
	// any other error counts as Lost. It must return in about a minute.
	Send(ctx context.Context, m Message) error
	// Deduplicates reports whether the other side drops a second message with
	// the same Ref, so that sending again is safe when an answer was lost.
	Deduplicates() bool
}

// Outcome is what a sender knows of a message that was not taken for certain.
type Outcome string

// The outcomes.
const (
	Refused Outcome = "refused" // not sent, and never will be
	Later   Outcome = "later"   // not sent; another try may succeed
	Lost    Outcome = "lost"    // no answer: it may have been sent
)

// Fault is the error of a Sender.
type Fault struct {
	Outcome Outcome
	// Code tells the operator what went wrong: the end of a message key
	// notice.error.*; empty means the outcome itself.
	Code string
	// Status is the other side's code, such as "550 5.1.1". It must not hold
	// text of the other side, which may quote the address.
	Status string
	Err    error // the cause
}

// Error gives outcome, code and status, and not the cause: its text may hold
// the address, and errors of jobs are kept in the clear.
func (f *Fault) Error() string { return string(f.Outcome) + " " + f.lastError() }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// lastError is what the row keeps: the code, and the status after a space.
func (f *Fault) lastError() string {
	s := f.Code
	if s == "" {
		s = string(f.Outcome)
	}
	if f.Status != "" {
		s += " " + f.Status
	}
	return s
}

// faultOf reads a sender's error. What is no Fault counts as Lost, the one
// outcome after which nothing is sent twice by mistake.
func faultOf(err error) *Fault {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	return &Fault{Outcome: Lost, Err: err}
}
