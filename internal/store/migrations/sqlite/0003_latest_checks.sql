-- The newest check of each domain of an order is read whenever it is judged.

-- +goose Up

CREATE INDEX domain_checks_domain ON domain_checks (account_id, domain, created_at);

-- +goose Down
DROP INDEX domain_checks_domain;
