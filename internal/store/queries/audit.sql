-- name: TakeAuditNumbers :one
UPDATE audit_head SET seq = seq + sqlc.arg(events) WHERE id = 1 RETURNING seq, hash;

-- name: SetAuditHead :exec
UPDATE audit_head SET hash = $1 WHERE id = 1;

-- name: AuditHead :one
SELECT seq, hash FROM audit_head WHERE id = 1;

-- name: InsertAuditEvent :exec
INSERT INTO audit_events (seq, at, actor, role, action, object_kind, object, version, detail, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: AuditEventsOf :many
SELECT * FROM audit_events WHERE object_kind = sqlc.arg(object_kind) AND object = sqlc.arg(object) AND seq < sqlc.arg(before)
ORDER BY seq DESC LIMIT sqlc.arg(max_rows);

-- name: AuditEventsPage :many
SELECT * FROM audit_events WHERE seq < sqlc.arg(before) ORDER BY seq DESC LIMIT sqlc.arg(max_rows);

-- name: AuditEventsAfter :many
SELECT * FROM audit_events WHERE seq > sqlc.arg(after) ORDER BY seq LIMIT sqlc.arg(max_rows);
