package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// Fault is what an error of a driver means to the store.
type Fault int

// The faults.
const (
	Unknown   Fault = iota // a defect, or nothing that the store knows
	Duplicate              // a unique value is there already
	Dangling               // a reference to a row that is not there, or a row still referred to
	Malformed              // a value that the database cannot hold
	Retry                  // the transaction lost a race; a new one may succeed
	Down                   // the database cannot be reached or used for now
)

// retryAfter is what callers are told to wait when the database is busy or down.
const retryAfter = time.Second

// explain turns an error of the driver into a kind of package icp, keeping the
// cause for the log. What has a kind already, and the end of a context, stay.
func (s *Store) explain(doing string, err error) error {
	if err == nil || icp.KindOf(err) != "" {
		return err
	}
	cause := fmt.Errorf("%s: %w", doing, err)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return icp.ErrNotFound.Because(cause)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return cause
	}
	switch s.engine.Fault(err) {
	case Duplicate:
		return icp.E(icp.Conflict, "").Because(cause)
	case Dangling:
		return icp.E(icp.Conflict, "reference").Because(cause)
	case Malformed:
		return icp.E(icp.Invalid, "").Because(cause)
	case Retry, Down:
		return &icp.Error{Kind: icp.Unavailable, RetryAfter: retryAfter, Err: cause}
	case Unknown:
	}
	return cause
}

// stale is the refusal of a write under a version that is no longer the newest.
func stale() error { return icp.E(icp.Conflict, "stale_version") }

// changed turns "no row matched" into a stale version.
func (tx *Tx) changed(doing string, rows int64, err error) error {
	if err != nil {
		return tx.explain(doing, err)
	}
	if rows == 0 {
		return stale()
	}
	return nil
}

// explain is Store.explain.
func (tx *Tx) explain(doing string, err error) error { return tx.store.explain(doing, err) }
