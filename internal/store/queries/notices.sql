-- name: InsertNotice :execrows
INSERT INTO notices (id, dedupe, account_id, order_id, kind, medium, lang, sealed, state, tries, last_error, created_at,
    sent_at, read_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (dedupe) DO NOTHING;

-- name: UpdateNotice :execrows
UPDATE notices SET state = sqlc.arg(state), tries = sqlc.arg(tries), last_error = sqlc.arg(last_error), sent_at = sqlc.arg(sent_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(from_state);

-- name: Notice :one
SELECT * FROM notices WHERE id = $1;

-- name: NoticesOf :many
SELECT * FROM notices WHERE account_id = sqlc.arg(account_id)
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: NoticesPage :many
SELECT * FROM notices WHERE (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: NoticesOfOrder :many
SELECT * FROM notices WHERE order_id = sqlc.arg(order_id)
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: MarkNoticeRead :execrows
UPDATE notices SET read_at = sqlc.arg(read_at) WHERE id = sqlc.arg(id) AND account_id = sqlc.arg(account_id) AND read_at = 0;

-- name: CountUnreadNotices :one
SELECT count(*) FROM notices WHERE account_id = $1 AND read_at = 0;

-- name: InsertDemoMessage :exec
INSERT INTO demo_messages (id, medium, recipient, subject, body, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: DemoMessages :many
SELECT * FROM demo_messages WHERE (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);
