-- name: EnsureChannel :exec
INSERT INTO authority_channels (id, name, next_object, last_sequence, paused, pause_reason, health, health_at, polled_at,
    leader, leader_until, version)
VALUES ($1, $2, 1, 0, false, '', '', 0, 0, '', 0, 1) ON CONFLICT (id) DO NOTHING;

-- name: Channel :one
SELECT * FROM authority_channels WHERE id = $1;

-- name: Channels :many
SELECT * FROM authority_channels ORDER BY id;

-- name: UpdateChannel :execrows
UPDATE authority_channels SET name = $1, paused = $2, pause_reason = $3, health = $4, health_at = $5, polled_at = $6, health_text = $9,
    version = version + 1
WHERE id = $7 AND version = $8;

-- name: AcquireLeader :execrows
UPDATE authority_channels SET leader = sqlc.arg(node), leader_until = sqlc.arg(until)
WHERE id = sqlc.arg(id) AND (leader = sqlc.arg(node) OR leader_until <= sqlc.arg(at));

-- name: ReleaseLeader :exec
UPDATE authority_channels SET leader = '', leader_until = 0 WHERE id = $1 AND leader = $2;

-- name: AdvanceSequence :execrows
UPDATE authority_channels SET last_sequence = sqlc.arg(sequence)
WHERE id = sqlc.arg(id) AND last_sequence = sqlc.arg(sequence) - 1;

-- name: TakeObjectNumbers :one
UPDATE authority_channels SET next_object = next_object + sqlc.arg(objects) WHERE id = sqlc.arg(id) RETURNING next_object;

-- name: InsertObject :exec
INSERT INTO authority_objects (channel_id, id, kind, order_id, website_id) VALUES ($1, $2, $3, $4, $5);

-- name: Object :one
SELECT * FROM authority_objects WHERE channel_id = $1 AND id = $2;

-- name: ObjectsOf :many
SELECT * FROM authority_objects WHERE order_id = $1 ORDER BY channel_id, id;

-- name: InsertUpload :exec
INSERT INTO authority_uploads (id, channel_id, sequence, operation, state, blob_key, hash, records, size, code, message,
    tries, created_at, sent_at, answered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: UpdateUpload :execrows
UPDATE authority_uploads SET state = sqlc.arg(state), code = sqlc.arg(code), message = sqlc.arg(message), tries = sqlc.arg(tries),
    sent_at = sqlc.arg(sent_at), answered_at = sqlc.arg(answered_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(from_state);

-- name: Upload :one
SELECT * FROM authority_uploads WHERE id = $1;

-- name: UnsettledUpload :one
SELECT * FROM authority_uploads WHERE channel_id = $1 AND state IN ('stored', 'sending', 'unknown') ORDER BY sequence LIMIT 1;

-- name: UploadsPage :many
SELECT * FROM authority_uploads WHERE channel_id = sqlc.arg(channel_id)
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: InsertUploadOrder :exec
INSERT INTO authority_upload_orders (upload_id, order_id) VALUES ($1, $2);

-- name: UploadOrders :many
SELECT order_id FROM authority_upload_orders WHERE upload_id = $1 ORDER BY order_id;

-- name: UploadsOfOrder :many
SELECT u.* FROM authority_uploads u JOIN authority_upload_orders o ON o.upload_id = u.id
WHERE o.order_id = $1 ORDER BY u.created_at DESC, u.id DESC LIMIT 100;

-- name: InsertDownload :execrows
INSERT INTO authority_downloads (id, channel_id, file_name, hash, blob_key, state, kinds, tries, last_error, received_at,
    applied_at, acked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (channel_id, file_name, hash) DO NOTHING;

-- name: UpdateDownload :execrows
UPDATE authority_downloads SET state = sqlc.arg(state), kinds = sqlc.arg(kinds), tries = sqlc.arg(tries),
    last_error = sqlc.arg(last_error), applied_at = sqlc.arg(applied_at), acked_at = sqlc.arg(acked_at)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(from_state);

-- name: Download :one
SELECT * FROM authority_downloads WHERE id = $1;

-- name: DownloadByFile :one
SELECT * FROM authority_downloads WHERE channel_id = $1 AND file_name = $2 AND hash = $3;

-- name: DownloadsPage :many
SELECT * FROM authority_downloads WHERE channel_id = sqlc.arg(channel_id)
    AND (received_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY received_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: UnfinishedDownloads :many
SELECT * FROM authority_downloads WHERE channel_id = sqlc.arg(channel_id)
    AND (state = 'received' OR (state = 'applied' AND acked_at = 0))
ORDER BY received_at, id LIMIT sqlc.arg(max_rows);
