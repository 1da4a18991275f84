-- What the authority holds, what it started by itself, and our answers to it.

-- +goose Up

-- Filings as the authority last told them: one row for each subject and each
-- website, by the authority's own id. seen_by is the last full synchronisation
-- that had it.
CREATE TABLE authority_filings (
    channel_id  text NOT NULL REFERENCES authority_channels (id),
    kind        text NOT NULL CHECK (kind IN ('subject', 'website')),
    ref         bigint NOT NULL,             -- Ztid or Wzid
    subject_ref bigint NOT NULL,             -- Ztid
    licence_no  text NOT NULL,                -- '' when not told
    standing    text NOT NULL CHECK (standing IN ('filed', 'cancelled', 'gone')),
    sealed      bytea NOT NULL,                -- the record in its one form
    hash        bytea NOT NULL,                -- blind index of what was told
    changed_at  bigint NOT NULL,             -- by the authority's word (Zjxgsj), 0 when not told
    told_at     bigint NOT NULL,
    told_by     text NOT NULL,                -- the download
    seen_by     text NOT NULL,
    PRIMARY KEY (channel_id, kind, ref)
);
CREATE INDEX authority_filings_licence ON authority_filings (licence_no);
CREATE INDEX authority_filings_subject ON authority_filings (channel_id, subject_ref, kind, ref);

-- By which a website is found: 'domain' and 'access' (Jrid).
CREATE TABLE authority_filing_names (
    channel_id text NOT NULL REFERENCES authority_channels (id),
    ref        bigint NOT NULL,              -- Wzid
    kind       text NOT NULL,
    lookup     bytea NOT NULL,
    PRIMARY KEY (channel_id, ref, kind, lookup)
);
CREATE INDEX authority_filing_names_lookup ON authority_filing_names (lookup, kind);

-- Whom and what the authority does not let be filed ('blacklist') or connected
-- ('illegal_access').
CREATE TABLE authority_blacklist (
    channel_id text NOT NULL REFERENCES authority_channels (id),
    list       text NOT NULL CHECK (list IN ('blacklist', 'illegal_access')),
    kind       text NOT NULL,                 -- 'certificate' or 'domain'
    lookup     bytea NOT NULL,
    sealed     bytea NOT NULL,                 -- the entry as it was told
    told_at    bigint NOT NULL,
    told_by    text NOT NULL,
    PRIMARY KEY (channel_id, list, kind, lookup)
);
CREATE INDEX authority_blacklist_lookup ON authority_blacklist (lookup, kind);

CREATE TABLE authority_events (
    id          text PRIMARY KEY,
    channel_id  text NOT NULL REFERENCES authority_channels (id),
    download_id text NOT NULL,
    kind        text NOT NULL,
    fingerprint bytea NOT NULL,                -- blind index of what it says
    state       text NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
    asks        boolean NOT NULL,             -- the authority waits for an answer
    due_at      bigint NOT NULL,             -- 0 for no date
    subject_ref bigint NOT NULL,             -- Ztid, 0 when unknown
    website_ref bigint NOT NULL,             -- Wzid
    licence_no  text NOT NULL,
    domain      text NOT NULL,
    account_id  text NOT NULL,                -- whose filing or server it is about, '' when unknown
    order_id    text NOT NULL,
    server_id   text NOT NULL,
    changed     text NOT NULL,                -- names of fields, separated by spaces
    sealed      bytea NOT NULL,                -- before, after and what has no type
    created_at  bigint NOT NULL,
    closed_at   bigint NOT NULL,
    closed_by   text NOT NULL,                -- account, '' for nobody
    reason      text NOT NULL,
    version     bigint NOT NULL
);
CREATE INDEX authority_events_state ON authority_events (state, created_at, id);
CREATE INDEX authority_events_kind ON authority_events (kind, state, created_at, id);
CREATE INDEX authority_events_channel ON authority_events (channel_id, state, created_at, id);
CREATE INDEX authority_events_due ON authority_events (state, due_at, id) WHERE due_at > 0;
CREATE INDEX authority_events_same ON authority_events (channel_id, fingerprint);
CREATE INDEX authority_events_download ON authority_events (download_id);

-- Our answers to events, which go out in files of their own.
CREATE TABLE authority_answers (
    id         text PRIMARY KEY,
    event_id   text NOT NULL REFERENCES authority_events (id),
    channel_id text NOT NULL REFERENCES authority_channels (id),
    operation  text NOT NULL,                 -- 'HSJG' or 'WBACLJG'
    state      text NOT NULL CHECK (state IN ('waiting', 'sent', 'accepted', 'faulty')),
    upload_id  text NOT NULL,                 -- '' while waiting
    code       bigint NOT NULL,              -- the authority's, 0 for none
    message    text NOT NULL,
    sealed     bytea NOT NULL,                 -- the record
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    version    bigint NOT NULL
);
CREATE INDEX authority_answers_waiting ON authority_answers (channel_id, state, created_at, id);
CREATE INDEX authority_answers_event ON authority_answers (event_id, created_at, id);
CREATE INDEX authority_answers_upload ON authority_answers (upload_id);

-- What came of a download beside orders; how far one is that is applied in parts.
CREATE TABLE authority_imports (
    download_id text PRIMARY KEY REFERENCES authority_downloads (id),
    records     bigint NOT NULL,             -- applied
    bytes       bigint NOT NULL,             -- read, of total
    total       bigint NOT NULL,
    added       bigint NOT NULL,
    changed     bigint NOT NULL,
    gone        bigint NOT NULL,
    events      bigint NOT NULL,
    left_out    bigint NOT NULL,             -- too large
    unknown     text NOT NULL,                -- paths of elements without a type, one a line
    begun_at    bigint NOT NULL,
    updated_at  bigint NOT NULL,
    done_at     bigint NOT NULL
);

-- The authority ended a filing.
ALTER TABLE filed_subjects ADD COLUMN cancelled_at bigint NOT NULL DEFAULT 0;
ALTER TABLE filed_websites ADD COLUMN cancelled_at bigint NOT NULL DEFAULT 0;
ALTER TABLE filed_accesses ADD COLUMN cancelled_at bigint NOT NULL DEFAULT 0;
CREATE INDEX filed_websites_ref ON filed_websites (authority_ref);
CREATE INDEX filed_subjects_ref ON filed_subjects (authority_ref);
CREATE INDEX servers_ip ON servers (public_ip);

-- +goose Down
DROP INDEX servers_ip;
DROP INDEX filed_subjects_ref;
DROP INDEX filed_websites_ref;
ALTER TABLE filed_accesses DROP COLUMN cancelled_at;
ALTER TABLE filed_websites DROP COLUMN cancelled_at;
ALTER TABLE filed_subjects DROP COLUMN cancelled_at;
DROP TABLE authority_imports;
DROP TABLE authority_answers;
DROP TABLE authority_events;
DROP TABLE authority_blacklist;
DROP TABLE authority_filing_names;
DROP TABLE authority_filings;
