package icp

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what a caller can do about an error. errors.Is(err, ErrInvalid)
// and its like test for one.
type Kind string

// The kinds. The edge maps each to one HTTP status; what is not one of these
// is an internal error, logged with an id and never shown.
const (
	Invalid     Kind = "invalid"     // the input has faults; Fields says which
	NotFound    Kind = "not_found"   // there is none, or the actor may not know of it
	NotAllowed  Kind = "not_allowed" // the actor may not do this
	NotNow      Kind = "not_now"     // the state of things forbids it for now
	Conflict    Kind = "conflict"    // somebody else changed it first
	Limited     Kind = "limited"     // too often; RetryAfter says when again
	Unavailable Kind = "unavailable" // something outside did not answer
	SignInFirst Kind = "sign_in"     // there is no valid session
)

// Values to compare with errors.Is; they carry no detail.
var (
	ErrInvalid     = &Error{Kind: Invalid}
	ErrNotFound    = &Error{Kind: NotFound}
	ErrNotAllowed  = &Error{Kind: NotAllowed}
	ErrNotNow      = &Error{Kind: NotNow}
	ErrConflict    = &Error{Kind: Conflict}
	ErrLimited     = &Error{Kind: Limited}
	ErrUnavailable = &Error{Kind: Unavailable}
	ErrSignInFirst = &Error{Kind: SignInFirst}
)

// FieldError is one fault of the input.
type FieldError struct {
	// Pointer is the RFC 6901 pointer of the field in the request body, such
	// as /subject/name; empty when the fault belongs to no single field.
	Pointer string `json:"pointer"`
	// Code is the key of the message in the catalogues, such as
	// "website.name.digits_only".
	Code string `json:"code"`
	// Params fill the message's variables.
	Params map[string]string `json:"params,omitempty"`
}

// Error is a refusal or failure that a caller can understand.
type Error struct {
	Kind Kind
	// Code is the key of the message for people in the catalogues; it is more
	// exact than Kind. Empty means the general message of the kind.
	Code string
	// Params fill the message's variables. They must hold no personal data.
	Params map[string]string
	// Fields lists the faults of an Invalid error.
	Fields []FieldError
	// RetryAfter is the wait that a Limited or NotNow error asks for; 0 when unknown.
	RetryAfter time.Duration
	// Err is the cause, for logs only.
	Err error
}

// E makes an error of a kind with the message key of its text for people.
func E(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// With returns a copy with one more message variable.
func (e *Error) With(name, value string) *Error {
	c := *e
	c.Params = make(map[string]string, len(e.Params)+1)
	for k, v := range e.Params {
		c.Params[k] = v
	}
	c.Params[name] = value
	return &c
}

// Because returns a copy with a cause for the log.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// InvalidFields makes an Invalid error out of faults; nil when there are none.
func InvalidFields(fields []FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Fields: fields}
}

// InvalidField makes an Invalid error of one fault.
func InvalidField(pointer, code string) *Error {
	return &Error{Kind: Invalid, Fields: []FieldError{{Pointer: pointer, Code: code}}}
}

// Error gives the text for logs: kind, code, pointers and cause, no input.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind))
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " %s:%s", f.Pointer, f.Code)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an *Error of the same kind and, where the
// target names one, the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && (t.Code == "" || t.Code == e.Code)
}

// KindOf gives the kind of the first *Error in err's chain, "" for none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
