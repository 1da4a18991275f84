-- name: ConsoleNotices :many
SELECT * FROM notices WHERE account_id = sqlc.arg(account_id) AND medium = 'console'
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: CountUnreadConsoleNotices :one
SELECT count(*) FROM notices WHERE account_id = $1 AND medium = 'console' AND read_at = 0;

-- name: OutgoingNotices :many
SELECT * FROM notices WHERE medium <> 'console' AND (state = sqlc.arg(state) OR CAST(sqlc.arg(state) AS text) = '')
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);
