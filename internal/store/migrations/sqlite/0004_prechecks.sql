-- Pre-checks: what a visitor was told before ordering. They name nobody and
-- are deleted after expires_at.

-- +goose Up

CREATE TABLE prechecks (
    id           text PRIMARY KEY,              -- unguessable: whoever has it may read
    sealed       blob NOT NULL,
    created_at   integer NOT NULL,
    expires_at   integer NOT NULL
);

CREATE INDEX prechecks_by_end ON prechecks (expires_at);

-- +goose Down
DROP TABLE prechecks;
