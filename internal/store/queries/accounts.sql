-- name: InsertAccount :exec
INSERT INTO accounts (id, roles, sealed, password_hash, failed, locked_until, lang, name_kind, name_sealed, name_lookup,
    named_at, disabled, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: InsertLogin :execrows
INSERT INTO account_logins (lookup, account_id, kind) VALUES ($1, $2, $3) ON CONFLICT (lookup) DO NOTHING;

-- name: LoginsOf :many
SELECT lookup, account_id, kind FROM account_logins WHERE account_id = $1;

-- name: DeleteLogin :exec
DELETE FROM account_logins WHERE lookup = $1 AND account_id = $2;

-- name: Account :one
SELECT * FROM accounts WHERE id = $1;

-- name: AccountByLogin :one
SELECT a.* FROM accounts a JOIN account_logins l ON l.account_id = a.id WHERE l.lookup = $1;

-- name: UpdateAccount :execrows
UPDATE accounts SET roles = $1, sealed = $2, password_hash = $3, failed = $4, locked_until = $5, lang = $6, name_kind = $7,
    name_sealed = $8, name_lookup = $9, named_at = $10, disabled = $11, version = version + 1
WHERE id = $12 AND version = $13;

-- name: AccountsPage :many
SELECT * FROM accounts WHERE (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: AccountsNamed :many
SELECT id FROM accounts WHERE name_lookup = $1 ORDER BY created_at, id;
