-- Editions of the rules: their packs and reference files, and which came when.

-- +goose Up

CREATE TABLE rule_editions (
    version      text PRIMARY KEY,              -- names the contents
    files        bytea NOT NULL,                -- a ZIP of builtin/…, operator/…, reference/…
    created_at   bigint NOT NULL
);

CREATE TABLE rule_publications (
    seq          bigint PRIMARY KEY,            -- 1, 2, 3, …; the greatest is in force
    version      text NOT NULL REFERENCES rule_editions (version),
    kind         text NOT NULL,                 -- what brought it: program, operator, reference or restore
    note         text NOT NULL,
    published_by text NOT NULL,                 -- account, '' for the system
    published_at bigint NOT NULL
);

-- +goose Down
DROP TABLE rule_publications;
DROP TABLE rule_editions;
