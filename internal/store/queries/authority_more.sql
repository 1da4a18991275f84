-- name: UploadBySequence :one
SELECT * FROM authority_uploads WHERE channel_id = $1 AND sequence = $2 AND state <> 'refused';

-- name: SetSequence :execrows
UPDATE authority_channels SET last_sequence = sqlc.arg(sequence), version = version + 1
WHERE id = sqlc.arg(id) AND last_sequence = sqlc.arg(from_sequence);
