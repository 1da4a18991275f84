-- name: InsertCall :exec
INSERT INTO authority_calls (id, channel_id, operation, outcome, cause, about, started_at, took, sent, received, status, code,
    sequence, upload_id, file_name, node)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: CallsPage :many
SELECT c.*, CAST(COALESCE((SELECT d.id FROM authority_downloads d WHERE d.channel_id = c.channel_id AND d.file_name = c.file_name
        AND c.file_name <> '' ORDER BY d.received_at DESC LIMIT 1), '') AS text) AS download_id
FROM authority_calls c WHERE c.channel_id = sqlc.arg(channel_id)
    AND (c.started_at, c.id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
    AND c.started_at >= sqlc.arg(since) AND c.started_at < sqlc.arg(until)
    AND (CAST(sqlc.arg(operation) AS text) = '' OR c.operation = CAST(sqlc.arg(operation) AS text))
    AND (CAST(sqlc.arg(outcome) AS text) = '' OR c.outcome = CAST(sqlc.arg(outcome) AS text))
    AND (CAST(sqlc.arg(upload_id) AS text) = '' OR c.upload_id = CAST(sqlc.arg(upload_id) AS text))
    AND (CAST(sqlc.arg(file_name) AS text) = '' OR c.file_name = CAST(sqlc.arg(file_name) AS text))
ORDER BY c.started_at DESC, c.id DESC LIMIT sqlc.arg(max_rows);

-- name: FailedCallsPage :many
SELECT c.*, CAST(COALESCE((SELECT d.id FROM authority_downloads d WHERE d.channel_id = c.channel_id AND d.file_name = c.file_name
        AND c.file_name <> '' ORDER BY d.received_at DESC LIMIT 1), '') AS text) AS download_id
FROM authority_calls c WHERE c.channel_id = sqlc.arg(channel_id) AND c.outcome <> 'ok'
    AND (c.started_at, c.id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
    AND (CAST(sqlc.arg(operation) AS text) = '' OR c.operation = CAST(sqlc.arg(operation) AS text))
ORDER BY c.started_at DESC, c.id DESC LIMIT sqlc.arg(max_rows);

-- name: DeleteCalls :execrows
DELETE FROM authority_calls WHERE id IN (
    SELECT c.id FROM authority_calls c WHERE c.started_at < sqlc.arg(before) ORDER BY c.started_at LIMIT sqlc.arg(max_rows));

-- name: NewestUploadOfNumber :one
SELECT * FROM authority_uploads WHERE channel_id = $1 AND sequence = $2 ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: EnsurePulse :exec
INSERT INTO authority_pulses (channel_id, idle_polls, idle_at, told_sequence, told_at, takeovers, taken_over_at, taken_over_before)
VALUES ($1, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (channel_id) DO NOTHING;

-- name: NoteIdle :exec
UPDATE authority_pulses SET idle_polls = idle_polls + 1, idle_at = sqlc.arg(at) WHERE channel_id = sqlc.arg(channel_id);

-- name: NoteTold :exec
UPDATE authority_pulses SET told_sequence = sqlc.arg(sequence), told_at = sqlc.arg(at) WHERE channel_id = sqlc.arg(channel_id);

-- name: NoteTakeover :exec
UPDATE authority_pulses SET takeovers = takeovers + 1, taken_over_before = taken_over_at, taken_over_at = sqlc.arg(at)
WHERE channel_id = sqlc.arg(channel_id);

-- name: Pulse :one
SELECT * FROM authority_pulses WHERE channel_id = $1;

-- name: OpenUploads :many
SELECT state, CAST(count(*) AS bigint) AS files, CAST(min(created_at) AS bigint) AS oldest FROM authority_uploads
WHERE channel_id = $1 AND state IN ('stored', 'sending', 'unknown') GROUP BY state;

-- name: OpenDownloads :many
SELECT state, CAST(count(*) AS bigint) AS files, CAST(min(received_at) AS bigint) AS oldest FROM authority_downloads
WHERE channel_id = $1 AND state IN ('received', 'parked') GROUP BY state;

-- name: ParkedDownloads :many
SELECT * FROM authority_downloads WHERE channel_id = sqlc.arg(channel_id) AND state = 'parked' ORDER BY received_at LIMIT sqlc.arg(max_rows);
