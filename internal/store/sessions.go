package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/openbeian/beian/internal/clock"
)

// Sessions keeps the sessions of package alexedwards/scs. The database has
// only a hash of each token, so that a copy of it lets nobody in. Session data
// are not sealed: put ids into them, nothing personal.
type Sessions struct {
	store *Store
	clock clock.Clock
}

// Sessions gives the session store; clk tells which ones are over.
func (s *Store) Sessions(clk clock.Clock) *Sessions { return &Sessions{store: s, clock: clk} }

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// FindCtx gives the data of a session; found is false when there is none or it is over.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	data, err = s.store.read.q.Load().Session(ctx, tokenHash(token), micros(s.clock.Now()))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, s.store.explain("read session", err)
	}
	return data, true, nil
}

// CommitCtx adds or replaces a session.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.store.explain("save session", s.store.write.q.Load().SaveSession(ctx, tokenHash(token), data, micros(expiry)))
}

// DeleteCtx removes a session; it is no error when there is none.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.store.explain("delete session", s.store.write.q.Load().DeleteSession(ctx, tokenHash(token)))
}

// Find is FindCtx without a context, which scs asks for and does not call.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// DeleteExpiredSessions removes the sessions that were over at now and tells
// how many there were.
func (tx *Tx) DeleteExpiredSessions(ctx context.Context, now time.Time) (int64, error) {
	n, err := tx.q.DeleteExpiredSessions(ctx, micros(now))
	return n, tx.explain("delete expired sessions", err)
}
