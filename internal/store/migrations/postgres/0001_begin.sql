-- Instants are microseconds since 1970 in UTC. Columns named sealed hold
-- encrypted personal data; columns named lookup hold blind indexes.

-- +goose Up

CREATE TABLE accounts (
    id            text PRIMARY KEY,
    roles         text NOT NULL,              -- staff roles, separated by spaces; empty for applicants
    sealed        bytea NOT NULL,             -- {"mail","mobile"}
    password_hash text NOT NULL,
    failed        bigint NOT NULL DEFAULT 0,  -- wrong passwords in a row
    locked_until  bigint NOT NULL DEFAULT 0,
    lang          text NOT NULL DEFAULT 'zh-CN',
    name_kind     text NOT NULL DEFAULT '',   -- real-name: '', 'unit' or 'individual'
    name_sealed   bytea,                      -- {"name","certificate_type","certificate_number"}
    name_lookup   bytea,                      -- of the certificate number
    named_at      bigint NOT NULL DEFAULT 0,
    disabled      boolean NOT NULL DEFAULT false,
    created_at    bigint NOT NULL,
    version       bigint NOT NULL
);
CREATE INDEX accounts_page ON accounts (created_at, id);
CREATE INDEX accounts_named ON accounts (name_lookup);

CREATE TABLE account_logins (
    lookup     bytea PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id),
    kind       text NOT NULL                  -- 'mail' or 'mobile'
);
CREATE INDEX account_logins_account ON account_logins (account_id);

CREATE TABLE sessions (
    token   text PRIMARY KEY,                 -- hash of the cookie's token
    data    bytea NOT NULL,
    expires bigint NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE verification_codes (
    id         text PRIMARY KEY,
    purpose    text NOT NULL,
    lookup     bytea NOT NULL,                -- of the address
    code_hash  bytea NOT NULL,
    tries      bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used       boolean NOT NULL
);
CREATE INDEX verification_codes_target ON verification_codes (lookup, purpose, created_at);

CREATE TABLE rate_windows (
    key      text NOT NULL,
    began_at bigint NOT NULL,
    hits     bigint NOT NULL,
    PRIMARY KEY (key, began_at)
);

CREATE TABLE idempotency_keys (
    actor       text NOT NULL,
    key         text NOT NULL,
    fingerprint text NOT NULL,                -- of operation and request body
    result      text NOT NULL,                -- id of what was made
    created_at  bigint NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE orders (
    id           text PRIMARY KEY,
    account_id   text NOT NULL REFERENCES accounts (id),
    type         text NOT NULL,
    type_reason  text NOT NULL,
    state        text NOT NULL CHECK (state IN ('draft', 'provider_review', 'changes_requested', 'provider_rejected',
                     'ready', 'submitting', 'submit_failed', 'sms_pending', 'authority_review', 'returned_to_provider',
                     'authority_rejected', 'filed', 'withdrawn', 'expired')),
    holder       text NOT NULL CHECK (holder IN ('applicant', 'provider', 'authority', 'system', 'nobody')),
    version      bigint NOT NULL,
    channel      text NOT NULL,
    nature       bigint NOT NULL,
    province     text NOT NULL,               -- two-digit code, '' when unknown
    round        bigint NOT NULL,
    reviewer     text NOT NULL,
    created_at   bigint NOT NULL,
    updated_at   bigint NOT NULL,
    state_since  bigint NOT NULL,
    submitted_at bigint NOT NULL,
    wrapped_key  bytea NOT NULL,
    sealed       bytea NOT NULL               -- icp.OrderData
);
CREATE INDEX orders_account ON orders (account_id, created_at, id);
CREATE INDEX orders_queue ON orders (state, state_since, id);
CREATE INDEX orders_created ON orders (created_at, id);

-- Blind look-ups of open and ended orders: 'certificate', 'mobile', 'domain'.
CREATE TABLE order_lookups (
    order_id text NOT NULL REFERENCES orders (id),
    kind     text NOT NULL,
    lookup   bytea NOT NULL,
    PRIMARY KEY (order_id, kind, lookup)
);
CREATE INDEX order_lookups_lookup ON order_lookups (lookup, kind);

CREATE TABLE materials (
    id          text PRIMARY KEY,
    order_id    text NOT NULL REFERENCES orders (id),
    kind        text NOT NULL,
    website_id  text NOT NULL,
    blob_key    text NOT NULL,
    hash        text NOT NULL,
    media_type  text NOT NULL,
    size        bigint NOT NULL,
    width       bigint NOT NULL,
    height      bigint NOT NULL,
    name_sealed bytea NOT NULL,
    created_at  bigint NOT NULL
);
CREATE INDEX materials_order ON materials (order_id, created_at, id);

CREATE TABLE deadlines (
    order_id text NOT NULL REFERENCES orders (id),
    kind     text NOT NULL,
    due_at   bigint NOT NULL,
    PRIMARY KEY (order_id, kind)
);
CREATE INDEX deadlines_due ON deadlines (due_at, order_id, kind);

CREATE TABLE audit_events (
    seq         bigint PRIMARY KEY,
    at          bigint NOT NULL,
    actor       text NOT NULL,
    role        text NOT NULL,
    action      text NOT NULL,
    object_kind text NOT NULL,
    object      text NOT NULL,
    version     bigint NOT NULL,
    detail      text NOT NULL,                -- JSON without personal data
    hash        bytea NOT NULL
);
CREATE INDEX audit_events_object ON audit_events (object_kind, object, seq);

-- One row: the end of the chain. Updating it serialises writers.
CREATE TABLE audit_head (
    id   bigint PRIMARY KEY CHECK (id = 1),
    seq  bigint NOT NULL,
    hash bytea NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE servers (
    id            text PRIMARY KEY,
    external_id   text NOT NULL UNIQUE,       -- the provider's own name for it
    account_id    text NOT NULL REFERENCES accounts (id),
    name          text NOT NULL,
    region        text NOT NULL,
    mainland      boolean NOT NULL,
    public_ip     text NOT NULL,              -- IPv4, '' for none
    billing       text NOT NULL,              -- 'prepaid' or 'pay_as_you_go'
    bought_months bigint NOT NULL,
    expires_at    bigint NOT NULL,
    created_at    bigint NOT NULL,
    updated_at    bigint NOT NULL,
    version       bigint NOT NULL
);
CREATE INDEX servers_account ON servers (account_id, created_at, id);
CREATE INDEX servers_page ON servers (created_at, id);

CREATE TABLE authorization_codes (
    id         text PRIMARY KEY,
    code       text NOT NULL UNIQUE,
    server_id  text NOT NULL REFERENCES servers (id),
    owner_id   text NOT NULL REFERENCES accounts (id),
    account_id text NOT NULL REFERENCES accounts (id), -- the only account that may use it
    state      text NOT NULL CHECK (state IN ('unused', 'in_use', 'used', 'deleted')),
    note       text NOT NULL,
    created_at bigint NOT NULL,
    version    bigint NOT NULL
);
CREATE INDEX authorization_codes_owner ON authorization_codes (owner_id, created_at, id);
CREATE INDEX authorization_codes_account ON authorization_codes (account_id, created_at, id);
CREATE INDEX authorization_codes_server ON authorization_codes (server_id);

-- Which site holds which resource: in an open order, or filed.
CREATE TABLE resource_uses (
    order_id   text NOT NULL REFERENCES orders (id),
    website_id text NOT NULL,
    server_id  text NOT NULL REFERENCES servers (id),
    code_id    text NOT NULL,                 -- '' when the server itself was chosen
    PRIMARY KEY (order_id, website_id)
);
CREATE INDEX resource_uses_server ON resource_uses (server_id);
CREATE INDEX resource_uses_code ON resource_uses (code_id);

CREATE TABLE domain_checks (
    id         text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id),
    domain     text NOT NULL,
    sealed     bytea NOT NULL,                -- JSON of domaincheck.Result: holds names
    created_at bigint NOT NULL
);
CREATE INDEX domain_checks_account ON domain_checks (account_id, created_at, id);

CREATE TABLE registration_facts (
    domain     text PRIMARY KEY,
    sealed     bytea NOT NULL,                -- JSON of domaincheck.Facts: holds names
    fetched_at bigint NOT NULL
);

CREATE TABLE notices (
    id         text PRIMARY KEY,
    dedupe     text NOT NULL UNIQUE,
    account_id text NOT NULL,                 -- '' for a code to somebody without an account
    order_id   text NOT NULL,                 -- '' when about no order
    kind       text NOT NULL,
    medium     text NOT NULL,                 -- 'mail', 'sms', or 'console': read there, never sent
    lang       text NOT NULL,
    sealed     bytea NOT NULL,                -- address and variables
    state      text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    tries      bigint NOT NULL,
    last_error text NOT NULL,                 -- a code, never the address
    created_at bigint NOT NULL,
    sent_at    bigint NOT NULL,
    read_at    bigint NOT NULL
);
CREATE INDEX notices_account ON notices (account_id, created_at, id);
CREATE INDEX notices_page ON notices (created_at, id);
CREATE INDEX notices_order ON notices (order_id, created_at, id);

-- What the demo's mail and SMS box received.
CREATE TABLE demo_messages (
    id         text PRIMARY KEY,
    medium     text NOT NULL,
    recipient  text NOT NULL,
    subject    text NOT NULL,
    body       text NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX demo_messages_page ON demo_messages (created_at, id);

CREATE TABLE settings (
    key        text PRIMARY KEY,
    value      text NOT NULL,                 -- JSON
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version    bigint NOT NULL
);

-- The operator's consent texts; an edition never changes once published.
CREATE TABLE consent_texts (
    id           text NOT NULL,
    edition      bigint NOT NULL,
    title_zh     text NOT NULL,
    title_en     text NOT NULL,
    body_zh      text NOT NULL,
    body_en      text NOT NULL,
    published_at bigint NOT NULL,
    published_by text NOT NULL,
    PRIMARY KEY (id, edition)
);

-- The register of what is filed.
CREATE TABLE filed_subjects (
    id            text PRIMARY KEY,
    account_id    text NOT NULL REFERENCES accounts (id),
    licence_no    text NOT NULL UNIQUE,
    authority_ref bigint NOT NULL,            -- the authority's id (Ztid), 0 when not told
    nature        bigint NOT NULL,
    province      text NOT NULL,
    lookup        bytea NOT NULL,             -- of the certificate number
    wrapped_key   bytea NOT NULL,
    sealed        bytea NOT NULL,             -- icp.Subject
    created_at    bigint NOT NULL,
    updated_at    bigint NOT NULL,
    version       bigint NOT NULL
);
CREATE INDEX filed_subjects_account ON filed_subjects (account_id, created_at, id);
CREATE INDEX filed_subjects_lookup ON filed_subjects (lookup);

CREATE TABLE filed_websites (
    id            text PRIMARY KEY,
    subject_id    text NOT NULL REFERENCES filed_subjects (id),
    order_id      text NOT NULL REFERENCES orders (id),
    licence_no    text NOT NULL UNIQUE,
    authority_ref bigint NOT NULL,            -- Wzid
    name          text NOT NULL,
    domain        text NOT NULL,
    sealed        bytea NOT NULL,             -- icp.Website, under the subject's key
    filed_at      bigint NOT NULL,
    version       bigint NOT NULL
);
CREATE INDEX filed_websites_subject ON filed_websites (subject_id, filed_at, id);
CREATE INDEX filed_websites_domain ON filed_websites (domain);

CREATE TABLE filed_accesses (
    id            text PRIMARY KEY,
    website_id    text NOT NULL REFERENCES filed_websites (id),
    server_id     text NOT NULL,
    public_ip     text NOT NULL,
    authority_ref bigint NOT NULL,            -- Jrid
    created_at    bigint NOT NULL
);
CREATE INDEX filed_accesses_website ON filed_accesses (website_id);

CREATE TABLE authority_channels (
    id            text PRIMARY KEY,
    name          text NOT NULL,
    next_object   bigint NOT NULL,            -- next id for authority_objects
    last_sequence bigint NOT NULL,            -- last accepted dataSequence
    paused        boolean NOT NULL,
    pause_reason  text NOT NULL,
    health        text NOT NULL,              -- code of the last trouble, '' when well
    health_at     bigint NOT NULL,
    polled_at     bigint NOT NULL,
    leader        text NOT NULL,
    leader_until  bigint NOT NULL,
    version       bigint NOT NULL
);

-- Our integer ids at the authority, one sequence of a channel for all kinds.
CREATE TABLE authority_objects (
    channel_id text NOT NULL REFERENCES authority_channels (id),
    id         bigint NOT NULL,
    kind       text NOT NULL,                 -- 'subject', 'website', 'domain', 'access', 'ip'
    order_id   text NOT NULL REFERENCES orders (id),
    website_id text NOT NULL,
    PRIMARY KEY (channel_id, id)
);
CREATE INDEX authority_objects_order ON authority_objects (order_id);

CREATE TABLE authority_uploads (
    id         text PRIMARY KEY,
    channel_id text NOT NULL REFERENCES authority_channels (id),
    sequence   bigint NOT NULL,
    operation  text NOT NULL,                 -- 'XZWZ'
    state      text NOT NULL CHECK (state IN ('stored', 'sending', 'unknown', 'accepted', 'refused')),
    blob_key   text NOT NULL,                 -- the exact bytes, sealed
    hash       text NOT NULL,                 -- beianInfoHash as sent
    records    bigint NOT NULL,
    size       bigint NOT NULL,
    code       bigint NOT NULL,               -- msg_code of the reply, -1 before
    message    text NOT NULL,
    tries      bigint NOT NULL,
    created_at bigint NOT NULL,
    sent_at    bigint NOT NULL,
    answered_at bigint NOT NULL
);
-- A refused file gives its number back to the next one.
CREATE UNIQUE INDEX authority_uploads_sequence ON authority_uploads (channel_id, sequence) WHERE state <> 'refused';
CREATE INDEX authority_uploads_page ON authority_uploads (channel_id, created_at, id);

CREATE TABLE authority_upload_orders (
    upload_id text NOT NULL REFERENCES authority_uploads (id),
    order_id  text NOT NULL REFERENCES orders (id),
    PRIMARY KEY (upload_id, order_id)
);
CREATE INDEX authority_upload_orders_order ON authority_upload_orders (order_id);

CREATE TABLE authority_downloads (
    id          text PRIMARY KEY,
    channel_id  text NOT NULL REFERENCES authority_channels (id),
    file_name   text NOT NULL,
    hash        text NOT NULL,
    blob_key    text NOT NULL,
    state       text NOT NULL CHECK (state IN ('received', 'applied', 'parked', 'discarded')),
    kinds       text NOT NULL,                -- what was inside, such as 'BAJG BASJ'
    tries       bigint NOT NULL,
    last_error  text NOT NULL,
    received_at bigint NOT NULL,
    applied_at  bigint NOT NULL,
    acked_at    bigint NOT NULL,
    UNIQUE (channel_id, file_name, hash)
);
CREATE INDEX authority_downloads_page ON authority_downloads (channel_id, received_at, id);

-- +goose Down
DROP TABLE authority_downloads, authority_upload_orders, authority_uploads, authority_channels, authority_objects,
    filed_accesses, filed_websites, filed_subjects, consent_texts, settings, demo_messages, notices, registration_facts,
    domain_checks, resource_uses, authorization_codes, servers, audit_head, audit_events, deadlines, materials,
    order_lookups, orders, idempotency_keys, rate_windows, verification_codes, sessions, account_logins, accounts;
