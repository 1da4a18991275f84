-- name: Session :one
SELECT data FROM sessions WHERE token = $1 AND expires > $2;

-- name: SaveSession :exec
INSERT INTO sessions (token, data, expires) VALUES ($1, $2, $3)
ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires = excluded.expires;

-- name: DeleteSession :exec
DELETE FROM sessions WHERE token = $1;

-- name: DeleteExpiredSessions :execrows
DELETE FROM sessions WHERE expires <= $1;

-- name: InsertVerification :exec
INSERT INTO verification_codes (id, purpose, lookup, code_hash, tries, created_at, expires_at, used)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: LatestVerification :one
SELECT * FROM verification_codes WHERE lookup = $1 AND purpose = $2 ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: SaveVerificationTry :execrows
UPDATE verification_codes SET tries = sqlc.arg(tries), used = sqlc.arg(used)
WHERE id = sqlc.arg(id) AND used = false AND tries < sqlc.arg(tries);

-- name: DeleteVerifications :execrows
DELETE FROM verification_codes WHERE expires_at < $1;

-- name: Hit :one
INSERT INTO rate_windows (key, began_at, hits) VALUES ($1, $2, 1)
ON CONFLICT (key, began_at) DO UPDATE SET hits = rate_windows.hits + 1 RETURNING hits;

-- name: Hits :one
SELECT hits FROM rate_windows WHERE key = $1 AND began_at = $2;

-- name: TakeBackHit :exec
UPDATE rate_windows SET hits = hits - 1 WHERE key = $1 AND began_at = $2 AND hits > 0;

-- name: ClearHits :exec
DELETE FROM rate_windows WHERE key = $1;

-- name: DeleteWindows :execrows
DELETE FROM rate_windows WHERE began_at < $1;

-- name: ClaimKey :execrows
INSERT INTO idempotency_keys (actor, key, fingerprint, result, created_at) VALUES ($1, $2, $3, '', $4)
ON CONFLICT (actor, key) DO NOTHING;

-- name: IdempotencyKey :one
SELECT * FROM idempotency_keys WHERE actor = $1 AND key = $2;

-- name: SetKeyResult :execrows
UPDATE idempotency_keys SET result = sqlc.arg(made) WHERE actor = sqlc.arg(actor) AND key = sqlc.arg(key);

-- name: DeleteKeys :execrows
DELETE FROM idempotency_keys WHERE created_at < $1;
