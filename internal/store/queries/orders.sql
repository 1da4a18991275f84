-- name: InsertOrder :exec
INSERT INTO orders (id, account_id, type, type_reason, state, holder, version, channel, nature, province, round, reviewer,
    created_at, updated_at, state_since, submitted_at, wrapped_key, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);

-- name: UpdateOrder :execrows
UPDATE orders SET type = $1, type_reason = $2, state = $3, holder = $4, version = $5, nature = $6, province = $7, round = $8,
    reviewer = $9, updated_at = $10, state_since = $11, submitted_at = $12, sealed = $13
WHERE id = sqlc.arg(id) AND version = sqlc.arg(from_version);

-- name: Order :one
SELECT * FROM orders WHERE id = $1;

-- name: OrderKey :one
SELECT wrapped_key FROM orders WHERE id = $1;

-- name: OrdersOf :many
SELECT * FROM orders WHERE account_id = sqlc.arg(account_id)
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: OpenOrderOf :one
SELECT id FROM orders WHERE account_id = $1 AND holder <> 'nobody' ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: CountByState :many
SELECT state, count(*) AS orders FROM orders GROUP BY state;

-- name: OpenOrderWith :one
SELECT o.id FROM order_lookups l JOIN orders o ON o.id = l.order_id
WHERE l.lookup = $1 AND l.kind = $2 AND o.id <> $3 AND o.holder <> 'nobody'
ORDER BY o.created_at, o.id LIMIT 1;

-- name: OrdersWith :many
SELECT o.* FROM order_lookups l JOIN orders o ON o.id = l.order_id
WHERE l.lookup = sqlc.arg(lookup) AND l.kind = sqlc.arg(kind)
    AND (o.created_at, o.id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY o.created_at DESC, o.id DESC LIMIT sqlc.arg(max_rows);

-- name: LookupsOf :many
SELECT kind, lookup FROM order_lookups WHERE order_id = $1;

-- name: InsertLookup :exec
INSERT INTO order_lookups (order_id, kind, lookup) VALUES ($1, $2, $3);

-- name: DeleteLookup :exec
DELETE FROM order_lookups WHERE order_id = $1 AND kind = $2 AND lookup = $3;

-- name: DeadlinesOf :many
SELECT * FROM deadlines WHERE order_id = $1 ORDER BY due_at, kind;

-- name: SaveDeadline :exec
INSERT INTO deadlines (order_id, kind, due_at) VALUES ($1, $2, $3)
ON CONFLICT (order_id, kind) DO UPDATE SET due_at = excluded.due_at;

-- name: DeleteDeadline :exec
DELETE FROM deadlines WHERE order_id = $1 AND kind = $2;

-- name: DueDeadlines :many
SELECT * FROM deadlines WHERE due_at <= $1 ORDER BY due_at, order_id, kind LIMIT sqlc.arg(max_rows);

-- name: InsertMaterial :exec
INSERT INTO materials (id, order_id, kind, website_id, blob_key, hash, media_type, size, width, height, name_sealed, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: DeleteMaterial :execrows
DELETE FROM materials WHERE id = $1;

-- name: Material :one
SELECT * FROM materials WHERE id = $1;

-- name: Materials :many
SELECT * FROM materials WHERE order_id = $1 ORDER BY created_at, id;

-- name: SharedLookups :many
SELECT mine.kind, mine.lookup,
    EXISTS (SELECT 1 FROM order_lookups l JOIN orders o ON o.id = l.order_id
        WHERE l.lookup = mine.lookup AND l.kind = mine.kind AND o.account_id <> me.account_id
            AND (o.state = 'filed' OR o.holder <> 'nobody' AND o.submitted_at > 0)
            AND (mine.kind = 'mobile' OR (o.nature = 5) = (me.nature = 5))
            AND NOT EXISTS (SELECT 1 FROM order_lookups s WHERE s.order_id = o.id AND s.kind = 'certificate'
                AND s.lookup = sqlc.arg(subject) AND (o.nature = 5) = (me.nature = 5))) AS other_subject,
    EXISTS (SELECT 1 FROM order_lookups l JOIN orders o ON o.id = l.order_id
        WHERE l.lookup = mine.lookup AND l.kind = mine.kind AND o.account_id <> me.account_id
            AND (o.state = 'filed' OR o.holder <> 'nobody' AND o.submitted_at > 0)
            AND mine.lookup = sqlc.arg(subject) AND (o.nature = 5) = (me.nature = 5)) AS other_account,
    EXISTS (SELECT 1 FROM order_lookups l JOIN orders o ON o.id = l.order_id
        WHERE l.lookup = mine.lookup AND l.kind = mine.kind AND o.id <> me.id
            AND o.state IN ('ready', 'submitting', 'sms_pending', 'authority_review')
            AND mine.lookup = sqlc.arg(subject) AND (o.nature = 5) = (me.nature = 5)) AS in_process
FROM order_lookups mine JOIN orders me ON me.id = mine.order_id
WHERE mine.order_id = sqlc.arg(order_id) AND mine.kind IN ('certificate', 'mobile');
