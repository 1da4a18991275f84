-- name: InsertRuleEdition :exec
INSERT INTO rule_editions (version, files, created_at) VALUES ($1, $2, $3) ON CONFLICT (version) DO NOTHING;

-- name: RuleFiles :one
SELECT files FROM rule_editions WHERE version = $1;

-- name: InsertRulePublication :execrows
INSERT INTO rule_publications (seq, version, kind, note, published_by, published_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (seq) DO NOTHING;

-- name: LatestRulePublication :one
SELECT * FROM rule_publications ORDER BY seq DESC LIMIT 1;

-- name: RulePublications :many
SELECT * FROM rule_publications WHERE seq < sqlc.arg(before) ORDER BY seq DESC LIMIT sqlc.arg(max_rows);
