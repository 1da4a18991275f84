package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Hit counts one use of a key (such as "sign_in:" and an address's hash) in the
// window that now lies in, and gives the count, this one included. Windows are
// fixed: they begin at whole multiples of their length. A hit counts only when
// the transaction commits, so count in one that does.
func (tx *Tx) Hit(ctx context.Context, key string, window time.Duration, now time.Time) (int, error) {
	n, err := tx.q.Hit(ctx, windowKey(key, window), windowStart(window, now))
	return int(n), tx.explain("count hit", err)
}

// Hits gives the count without adding to it.
func (tx *Tx) Hits(ctx context.Context, key string, window time.Duration, now time.Time) (int, error) {
	n, err := tx.q.Hits(ctx, windowKey(key, window), windowStart(window, now))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return int(n), tx.explain("read hits", err)
}

// TakeBackHit takes one hit back that was counted at the instant: what it stood
// for did not happen. It is no error when there is none.
func (tx *Tx) TakeBackHit(ctx context.Context, key string, window time.Duration, at time.Time) error {
	return tx.explain("take hit back", tx.q.TakeBackHit(ctx, windowKey(key, window), windowStart(window, at)))
}

// ClearHits forgets the counts of a key and window length.
func (tx *Tx) ClearHits(ctx context.Context, key string, window time.Duration) error {
	return tx.explain("clear hits", tx.q.ClearHits(ctx, windowKey(key, window)))
}

// DeleteWindows removes the windows that began before an instant.
func (tx *Tx) DeleteWindows(ctx context.Context, before time.Time) (int64, error) {
	n, err := tx.q.DeleteWindows(ctx, micros(before))
	return n, tx.explain("delete rate windows", err)
}

func windowKey(key string, window time.Duration) string { return key + "/" + window.String() }

func windowStart(window time.Duration, now time.Time) int64 {
	us, w := now.UnixMicro(), window.Microseconds()
	return us - us%w
}
