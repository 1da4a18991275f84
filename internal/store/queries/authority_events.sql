-- name: AuthorityFiling :one
SELECT * FROM authority_filings WHERE channel_id = $1 AND kind = $2 AND ref = $3;

-- name: AuthorityFilingsOfSubject :many
SELECT * FROM authority_filings WHERE channel_id = $1 AND subject_ref = $2 ORDER BY kind, ref;

-- name: AuthorityFilingsByLicence :many
SELECT * FROM authority_filings WHERE licence_no = $1 ORDER BY channel_id, kind, ref LIMIT 100;

-- name: PutAuthorityFiling :exec
INSERT INTO authority_filings (channel_id, kind, ref, subject_ref, licence_no, standing, sealed, hash, changed_at, told_at, told_by, seen_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (channel_id, kind, ref) DO UPDATE SET subject_ref = excluded.subject_ref, licence_no = excluded.licence_no,
    standing = excluded.standing, sealed = excluded.sealed, hash = excluded.hash, changed_at = excluded.changed_at,
    told_at = excluded.told_at, told_by = excluded.told_by, seen_by = excluded.seen_by;

-- name: TouchAuthorityFiling :exec
UPDATE authority_filings SET told_at = $1, told_by = $2, seen_by = $3 WHERE channel_id = $4 AND kind = $5 AND ref = $6;

-- name: SetAuthorityFilingStanding :exec
UPDATE authority_filings SET standing = $1, told_at = $2, told_by = $3 WHERE channel_id = $4 AND kind = $5 AND ref = $6;

-- name: AuthorityFilingsUnseen :many
SELECT * FROM authority_filings WHERE channel_id = sqlc.arg(channel_id) AND kind = sqlc.arg(kind) AND ref > sqlc.arg(after_ref)
    AND standing = 'filed' AND seen_by <> sqlc.arg(seen_by) AND told_at < sqlc.arg(before)
ORDER BY ref LIMIT sqlc.arg(max_rows);

-- name: CountAuthorityFilings :one
SELECT CAST(count(*) AS bigint) AS filed, CAST(COALESCE(SUM(CASE WHEN seen_by <> sqlc.arg(seen_by) AND told_at < sqlc.arg(before) THEN 1 ELSE 0 END), 0) AS bigint) AS unseen
FROM authority_filings WHERE channel_id = sqlc.arg(channel_id) AND standing = 'filed';

-- name: AnyAuthorityFilingSeen :one
SELECT CAST(count(*) AS bigint) FROM (SELECT 1 FROM authority_filings WHERE channel_id = sqlc.arg(channel_id) AND seen_by <> '' AND seen_by <> sqlc.arg(seen_by) LIMIT 1) AS seen;

-- name: DeleteAuthorityFilingNames :exec
DELETE FROM authority_filing_names WHERE channel_id = $1 AND ref = $2;

-- name: InsertAuthorityFilingName :exec
INSERT INTO authority_filing_names (channel_id, ref, kind, lookup) VALUES ($1, $2, $3, $4) ON CONFLICT (channel_id, ref, kind, lookup) DO NOTHING;

-- name: AuthorityFilingsNamed :many
SELECT f.* FROM authority_filing_names n JOIN authority_filings f ON f.channel_id = n.channel_id AND f.kind = 'website' AND f.ref = n.ref
WHERE n.lookup = $1 AND n.kind = $2 ORDER BY f.channel_id, f.ref LIMIT 100;

-- name: PutBlacklistEntry :exec
INSERT INTO authority_blacklist (channel_id, list, kind, lookup, sealed, told_at, told_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (channel_id, list, kind, lookup) DO UPDATE SET sealed = excluded.sealed, told_at = excluded.told_at, told_by = excluded.told_by;

-- name: DeleteBlacklistEntry :execrows
DELETE FROM authority_blacklist WHERE channel_id = $1 AND list = $2 AND kind = $3 AND lookup = $4;

-- name: InsertAuthorityEvent :exec
INSERT INTO authority_events (id, channel_id, download_id, kind, fingerprint, state, asks, due_at, subject_ref, website_ref, licence_no, domain,
    account_id, order_id, server_id, changed, sealed, created_at, closed_at, closed_by, reason, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 1);

-- name: AuthorityEvent :one
SELECT * FROM authority_events WHERE id = $1;

-- name: SameAuthorityEvent :one
SELECT * FROM authority_events WHERE channel_id = $1 AND fingerprint = $2 ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: UpdateAuthorityEvent :execrows
UPDATE authority_events SET state = sqlc.arg(state), closed_at = sqlc.arg(closed_at), closed_by = sqlc.arg(closed_by), reason = sqlc.arg(reason),
    version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: CountAuthorityEvents :many
SELECT kind, CAST(count(*) AS bigint) AS events FROM authority_events WHERE state = 'open' GROUP BY kind ORDER BY kind;

-- name: CountOverdueAuthorityEvents :one
SELECT CAST(count(*) AS bigint) FROM authority_events WHERE state = 'open' AND due_at > 0 AND due_at < $1;

-- name: InsertAuthorityAnswer :exec
INSERT INTO authority_answers (id, event_id, channel_id, operation, state, upload_id, code, message, sealed, created_by, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1);

-- name: AuthorityAnswer :one
SELECT * FROM authority_answers WHERE id = $1;

-- name: AuthorityAnswersOf :many
SELECT * FROM authority_answers WHERE event_id = $1 ORDER BY created_at DESC, id DESC LIMIT 100;

-- name: WaitingAuthorityAnswers :many
SELECT * FROM authority_answers WHERE channel_id = sqlc.arg(channel_id) AND state = 'waiting' ORDER BY created_at, id LIMIT sqlc.arg(max_rows);

-- name: AuthorityAnswersOfUpload :many
SELECT * FROM authority_answers WHERE upload_id = $1 ORDER BY created_at, id;

-- name: RecentAuthorityAnswers :many
SELECT * FROM authority_answers WHERE channel_id = sqlc.arg(channel_id) AND state = 'accepted' ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: UpdateAuthorityAnswer :execrows
UPDATE authority_answers SET state = sqlc.arg(state), upload_id = sqlc.arg(upload_id), code = sqlc.arg(code), message = sqlc.arg(message),
    updated_at = sqlc.arg(updated_at), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: AuthorityImport :one
SELECT * FROM authority_imports WHERE download_id = $1;

-- name: PutAuthorityImport :exec
INSERT INTO authority_imports (download_id, records, bytes, total, added, changed, gone, events, left_out, unknown, begun_at, updated_at, done_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (download_id) DO UPDATE SET records = excluded.records, bytes = excluded.bytes, total = excluded.total, added = excluded.added,
    changed = excluded.changed, gone = excluded.gone, events = excluded.events, left_out = excluded.left_out, unknown = excluded.unknown,
    updated_at = excluded.updated_at, done_at = excluded.done_at;

-- name: CancelFiledSubject :execrows
UPDATE filed_subjects SET cancelled_at = sqlc.arg(at), version = version + 1 WHERE id = sqlc.arg(id) AND cancelled_at = 0;

-- name: CancelFiledWebsite :execrows
UPDATE filed_websites SET cancelled_at = sqlc.arg(at), version = version + 1 WHERE id = sqlc.arg(id) AND cancelled_at = 0;

-- name: CancelFiledAccesses :execrows
UPDATE filed_accesses SET cancelled_at = sqlc.arg(at) WHERE website_id = sqlc.arg(website_id) AND cancelled_at = 0;

-- name: FiledSubjectByRef :one
SELECT * FROM filed_subjects WHERE authority_ref = $1 AND authority_ref <> 0 ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: FiledWebsiteByRef :one
SELECT * FROM filed_websites WHERE authority_ref = $1 AND authority_ref <> 0 ORDER BY filed_at DESC, id DESC LIMIT 1;

-- name: ServersWithIP :many
SELECT * FROM servers WHERE public_ip = $1 AND public_ip <> '' ORDER BY updated_at DESC, id DESC LIMIT 10;
