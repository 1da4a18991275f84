-- name: Setting :one
SELECT * FROM settings WHERE key = $1;

-- name: InsertSetting :execrows
INSERT INTO settings (key, value, updated_at, updated_by, version) VALUES ($1, $2, $3, $4, 1) ON CONFLICT (key) DO NOTHING;

-- name: UpdateSetting :execrows
UPDATE settings SET value = $1, updated_at = $2, updated_by = $3, version = version + 1 WHERE key = $4 AND version = $5;

-- name: CurrentConsentTexts :many
SELECT * FROM consent_texts c
WHERE c.edition = (SELECT max(n.edition) FROM consent_texts n WHERE n.id = c.id) ORDER BY c.id;

-- name: ConsentText :one
SELECT * FROM consent_texts WHERE id = $1 AND edition = $2;

-- name: LatestConsentEdition :one
SELECT edition FROM consent_texts WHERE id = $1 ORDER BY edition DESC LIMIT 1;

-- name: InsertConsentText :execrows
INSERT INTO consent_texts (id, edition, title_zh, title_en, body_zh, body_en, published_at, published_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id, edition) DO NOTHING;
