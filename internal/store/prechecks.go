package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// Precheck is the report of a pre-check (预检) that somebody without an account
// may have run. Whoever has its ID may read it, so the ID must not be guessable.
type Precheck struct {
	ID        string
	Report    json.RawMessage // sealed, for a domain can be a person's name
	CreatedAt time.Time
	ExpiresAt time.Time
}

// InsertPrecheck adds a report; it never changes.
func (tx *Tx) InsertPrecheck(ctx context.Context, p Precheck) error {
	sealed, err := sealJSON(tx.store.box, "prechecks.sealed", p.ID, p.Report)
	if err != nil {
		return err
	}
	return tx.explain("insert pre-check", tx.q.InsertPrecheck(ctx, sqlgen.InsertPrecheckParams{ID: p.ID, Sealed: sealed,
		CreatedAt: micros(p.CreatedAt), ExpiresAt: micros(p.ExpiresAt)}))
}

// Precheck reads a report; icp.NotFound when there is none or it is past its
// end at the instant.
func (tx *Tx) Precheck(ctx context.Context, id string, at time.Time) (Precheck, error) {
	row, err := tx.q.Precheck(ctx, id)
	if err != nil {
		return Precheck{}, tx.explain("read pre-check", err)
	}
	p := Precheck{ID: row.ID, CreatedAt: instant(row.CreatedAt), ExpiresAt: instant(row.ExpiresAt)}
	if !at.Before(p.ExpiresAt) {
		return Precheck{}, icp.ErrNotFound
	}
	err = openJSON(tx.store.box, "prechecks.sealed", row.ID, row.Sealed, &p.Report)
	return p, err
}

// DeletePrechecks removes the reports that are past their end and counts them.
func (tx *Tx) DeletePrechecks(ctx context.Context, at time.Time) (int64, error) {
	n, err := tx.q.DeletePrechecks(ctx, micros(at))
	return n, tx.explain("delete pre-checks", err)
}
