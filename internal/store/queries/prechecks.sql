-- name: InsertPrecheck :exec
INSERT INTO prechecks (id, sealed, created_at, expires_at) VALUES ($1, $2, $3, $4);

-- name: Precheck :one
SELECT * FROM prechecks WHERE id = $1;

-- name: DeletePrechecks :execrows
DELETE FROM prechecks WHERE expires_at <= $1;
