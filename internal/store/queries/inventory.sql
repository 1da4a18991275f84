-- name: InsertServer :execrows
INSERT INTO servers (id, external_id, account_id, name, region, mainland, public_ip, billing, bought_months, expires_at,
    created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (external_id) DO NOTHING;

-- name: UpdateServer :execrows
UPDATE servers SET account_id = $1, name = $2, region = $3, mainland = $4, public_ip = $5, billing = $6, bought_months = $7,
    expires_at = $8, updated_at = $9, version = version + 1
WHERE id = $10 AND version = $11;

-- name: Server :one
SELECT * FROM servers WHERE id = $1;

-- Writing a row locks it on both engines until the transaction ends.
-- name: LockServer :one
UPDATE servers SET version = version WHERE id = $1 RETURNING *;

-- name: ServerByExternalID :one
SELECT * FROM servers WHERE external_id = $1;

-- name: ServersOf :many
SELECT * FROM servers WHERE account_id = sqlc.arg(account_id)
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: ServersPage :many
SELECT * FROM servers WHERE (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: InsertCode :execrows
INSERT INTO authorization_codes (id, code, server_id, owner_id, account_id, state, note, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (code) DO NOTHING;

-- name: UpdateCode :execrows
UPDATE authorization_codes SET server_id = $1, state = $2, note = $3, version = version + 1 WHERE id = $4 AND version = $5;

-- name: Code :one
SELECT * FROM authorization_codes WHERE id = $1;

-- name: CodeByText :one
SELECT * FROM authorization_codes WHERE code = $1;

-- name: CodesOwnedBy :many
SELECT * FROM authorization_codes WHERE owner_id = sqlc.arg(owner_id)
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: CodesFor :many
SELECT * FROM authorization_codes WHERE account_id = sqlc.arg(account_id)
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: CodesOfServer :many
SELECT * FROM authorization_codes WHERE server_id = $1 ORDER BY created_at, id;

-- name: SaveUse :exec
INSERT INTO resource_uses (order_id, website_id, server_id, code_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (order_id, website_id) DO UPDATE SET server_id = excluded.server_id, code_id = excluded.code_id;

-- name: DeleteUse :exec
DELETE FROM resource_uses WHERE order_id = $1 AND website_id = $2;

-- name: DeleteUsesOf :exec
DELETE FROM resource_uses WHERE order_id = $1;

-- name: UsesOf :many
SELECT * FROM resource_uses WHERE order_id = $1 ORDER BY website_id;

-- name: UsesOfServer :many
SELECT * FROM resource_uses WHERE server_id = $1 ORDER BY order_id, website_id;

-- name: UsesOfCode :many
SELECT * FROM resource_uses WHERE code_id = $1 ORDER BY order_id, website_id;

-- name: CountServerUses :one
SELECT count(*) FROM resource_uses WHERE server_id = $1;

-- name: CountCodeUses :one
SELECT count(*) FROM resource_uses WHERE code_id = $1;
