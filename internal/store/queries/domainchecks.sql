-- name: InsertDomainCheck :exec
INSERT INTO domain_checks (id, account_id, domain, sealed, created_at) VALUES ($1, $2, $3, $4, $5);

-- name: DomainCheck :one
SELECT * FROM domain_checks WHERE id = $1;

-- name: DomainChecksOf :many
SELECT * FROM domain_checks WHERE account_id = sqlc.arg(account_id)
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: RegistrationFacts :one
SELECT * FROM registration_facts WHERE domain = $1;

-- name: SaveRegistrationFacts :exec
INSERT INTO registration_facts (domain, sealed, fetched_at) VALUES ($1, $2, $3)
ON CONFLICT (domain) DO UPDATE SET sealed = excluded.sealed, fetched_at = excluded.fetched_at
WHERE registration_facts.fetched_at <= excluded.fetched_at;
