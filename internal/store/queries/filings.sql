-- name: InsertFiledSubject :execrows
INSERT INTO filed_subjects (id, account_id, licence_no, authority_ref, nature, province, lookup, wrapped_key, sealed,
    created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (licence_no) DO NOTHING;

-- name: UpdateFiledSubject :execrows
UPDATE filed_subjects SET account_id = $1, authority_ref = $2, nature = $3, province = $4, lookup = $5, sealed = $6,
    updated_at = $7, version = version + 1
WHERE id = $8 AND version = $9;

-- name: FiledSubject :one
SELECT * FROM filed_subjects WHERE id = $1;

-- name: FiledSubjectByLicence :one
SELECT * FROM filed_subjects WHERE licence_no = $1;

-- name: FiledSubjectKey :one
SELECT wrapped_key FROM filed_subjects WHERE id = $1;

-- name: FiledSubjectsByCertificate :many
SELECT * FROM filed_subjects WHERE lookup = $1 AND cancelled_at = 0 ORDER BY created_at, id LIMIT 100;

-- name: FiledSubjectsOf :many
SELECT * FROM filed_subjects WHERE account_id = sqlc.arg(account_id)
    AND (created_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: InsertFiledWebsite :execrows
INSERT INTO filed_websites (id, subject_id, order_id, licence_no, authority_ref, name, domain, sealed, filed_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (licence_no) DO NOTHING;

-- name: UpdateFiledWebsite :execrows
UPDATE filed_websites SET authority_ref = $1, name = $2, domain = $3, sealed = $4, version = version + 1
WHERE id = $5 AND version = $6;

-- name: FiledWebsite :one
SELECT * FROM filed_websites WHERE id = $1;

-- name: FiledWebsiteByLicence :one
SELECT * FROM filed_websites WHERE licence_no = $1;

-- name: FiledWebsitesOf :many
SELECT * FROM filed_websites WHERE subject_id = sqlc.arg(subject_id)
    AND (filed_at, id) < (sqlc.arg(before), CAST(sqlc.arg(before_id) AS text))
ORDER BY filed_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: FiledWebsitesByDomain :many
SELECT * FROM filed_websites WHERE domain = $1 AND cancelled_at = 0 ORDER BY filed_at, id LIMIT 100;

-- name: InsertFiledAccess :exec
INSERT INTO filed_accesses (id, website_id, server_id, public_ip, authority_ref, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: FiledAccessesOf :many
SELECT * FROM filed_accesses WHERE website_id = $1 ORDER BY created_at, id;

-- name: FiledWith :many
SELECT s.account_id, (SELECT count(*) FROM filed_websites w WHERE w.subject_id = s.id AND w.cancelled_at = 0 AND w.order_id <> sqlc.arg(without)) AS websites
FROM filed_subjects s WHERE s.lookup = sqlc.arg(lookup) AND s.cancelled_at = 0 LIMIT 100;
