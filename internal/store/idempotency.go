package store

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// ClaimKey takes an idempotency key of an actor for a request with this
// fingerprint. seen is false the first time; afterwards it is true and result
// is what SetKeyResult noted. Requests with the same key at once wait for each
// other. icp.Conflict with "idempotency.other_request" when the key was used
// for another request.
func (tx *Tx) ClaimKey(ctx context.Context, actor, key, fingerprint string, now time.Time) (result string, seen bool, err error) {
	n, err := tx.q.ClaimKey(ctx, claimParams(actor, key, fingerprint, now))
	if err != nil {
		return "", false, tx.explain("claim idempotency key", err)
	}
	if n == 1 {
		return "", false, nil
	}
	row, err := tx.q.IdempotencyKey(ctx, actor, key)
	if err != nil {
		return "", false, tx.explain("read idempotency key", err)
	}
	if row.Fingerprint != fingerprint {
		return "", false, icp.E(icp.Conflict, "idempotency.other_request")
	}
	return row.Result, true, nil
}

// SetKeyResult notes what the request under a key has made.
func (tx *Tx) SetKeyResult(ctx context.Context, actor, key, result string) error {
	n, err := tx.q.SetKeyResult(ctx, result, actor, key)
	if err == nil && n == 0 {
		return icp.ErrNotFound
	}
	return tx.explain("save result of idempotency key", err)
}

// DeleteKeys removes the idempotency keys that were made before an instant.
func (tx *Tx) DeleteKeys(ctx context.Context, before time.Time) (int64, error) {
	n, err := tx.q.DeleteKeys(ctx, micros(before))
	return n, tx.explain("delete idempotency keys", err)
}

func claimParams(actor, key, fingerprint string, now time.Time) sqlgen.ClaimKeyParams {
	return sqlgen.ClaimKeyParams{Actor: actor, Key: key, Fingerprint: fingerprint, CreatedAt: micros(now)}
}
