// Package clock has the time, so that tests can set it. One command or request
// reads it once and passes the instant on.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface {
	// Now is the present instant in UTC.
	Now() time.Time
}

// System is the machine's clock.
type System struct{}

// Now gives the machine's time in UTC, to the microsecond: the precision that
// both databases keep.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Manual is a clock that stands still until it is moved. Safe for concurrent use.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual makes a clock that shows at.
func NewManual(at time.Time) *Manual { return &Manual{now: at.UTC()} }

// Now gives the time that was set.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Advance moves the clock on by d.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

// Shanghai is China Standard Time (UTC+8, no daylight saving since 1991), in
// which working days and dates on forms are counted. It needs no zone files.
var Shanghai = time.FixedZone("CST", 8*60*60)
