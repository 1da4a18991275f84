-- name: ChannelSettings :one
SELECT * FROM channel_settings WHERE channel_id = $1;

-- name: ChannelSettingsVersions :many
SELECT channel_id, version, updated_at FROM channel_settings ORDER BY channel_id;

-- name: InsertChannelSettings :execrows
INSERT INTO channel_settings (channel_id, version, settings, wrapped_key, sealed, updated_at, updated_by)
VALUES ($1, 1, $2, $3, $4, $5, $6) ON CONFLICT (channel_id) DO NOTHING;

-- name: UpdateChannelSettings :execrows
UPDATE channel_settings SET version = version + 1, settings = $1, wrapped_key = $2, sealed = $3, updated_at = $4, updated_by = $5
WHERE channel_id = sqlc.arg(channel_id) AND version = sqlc.arg(from_version);

-- name: DeleteChannelSettings :execrows
DELETE FROM channel_settings WHERE channel_id = $1 AND version = $2;

-- name: ChannelUsed :one
SELECT c.last_sequence > 0 OR c.next_object > 1
    OR EXISTS (SELECT 1 FROM authority_uploads u WHERE u.channel_id = c.id)
    OR EXISTS (SELECT 1 FROM authority_downloads d WHERE d.channel_id = c.id) AS used
FROM authority_channels c WHERE c.id = $1;

-- name: DeleteUnusedChannel :execrows
DELETE FROM authority_channels WHERE authority_channels.id = $1 AND last_sequence = 0 AND next_object = 1
    AND NOT EXISTS (SELECT 1 FROM authority_uploads u WHERE u.channel_id = $1)
    AND NOT EXISTS (SELECT 1 FROM authority_downloads d WHERE d.channel_id = $1);

-- name: AssignOrder :exec
UPDATE orders SET authority_channel = $1 WHERE id = $2;

-- name: ReleaseReadyOrders :execrows
UPDATE orders SET authority_channel = '' WHERE authority_channel = $1 AND state = 'ready';

-- name: CountReady :many
SELECT authority_channel, count(*) AS orders FROM orders WHERE state = 'ready' GROUP BY authority_channel;

-- name: ChannelHasWork :one
SELECT EXISTS (SELECT 1 FROM authority_uploads u WHERE u.channel_id = $1 AND u.state IN ('stored', 'sending', 'unknown'))
    OR EXISTS (SELECT 1 FROM orders o WHERE o.authority_channel = $1 AND o.state = 'ready')
    OR EXISTS (SELECT 1 FROM orders o WHERE o.authority_channel = '' AND o.state = 'ready')
    OR EXISTS (SELECT 1 FROM authority_answers a WHERE a.channel_id = $1 AND a.state = 'waiting') AS work;

-- name: ChannelReady :one
SELECT count(*) AS orders, CAST(coalesce(min(state_since), 0) AS bigint) AS oldest FROM orders
WHERE authority_channel = $1 AND state = 'ready';

-- name: ReadyPictures :many
SELECT m.order_id, CAST(sum(CASE WHEN m.size > sqlc.arg(most) THEN sqlc.arg(most) ELSE m.size END) AS bigint) AS bytes
FROM materials m JOIN orders o ON o.id = m.order_id
WHERE o.authority_channel = sqlc.arg(channel) AND o.state = 'ready' GROUP BY m.order_id;

-- name: ExpiredUploads :many
SELECT * FROM authority_uploads WHERE channel_id = sqlc.arg(channel_id) AND deleted_at = 0 AND state IN ('accepted', 'refused')
    AND created_at < sqlc.arg(before) AND sent_at < sqlc.arg(before) AND answered_at < sqlc.arg(before)
ORDER BY created_at, id LIMIT sqlc.arg(max_rows);

-- name: MarkUploadDeleted :exec
UPDATE authority_uploads SET deleted_at = $1 WHERE id = $2;

-- name: ExpiredDownloads :many
SELECT * FROM authority_downloads WHERE channel_id = sqlc.arg(channel_id) AND deleted_at = 0
    AND (state = 'discarded' OR (state = 'applied' AND acked_at > 0))
    AND received_at < sqlc.arg(before) AND applied_at < sqlc.arg(before) AND acked_at < sqlc.arg(before)
ORDER BY received_at, id LIMIT sqlc.arg(max_rows);

-- name: MarkDownloadDeleted :exec
UPDATE authority_downloads SET deleted_at = $1 WHERE id = $2;
