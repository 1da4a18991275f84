-- The log of calls to the authority, and what is known of a channel from them.
-- A call that found nothing waiting is only counted.

-- +goose Up

CREATE TABLE authority_calls (
    id         text PRIMARY KEY,
    channel_id text NOT NULL REFERENCES authority_channels (id),
    operation  text NOT NULL,                 -- 'isp_upload'
    outcome    text NOT NULL,                 -- 'ok', 'declined', 'lost', 'refused', 'not_sent'
    cause      text NOT NULL,                 -- why without an answer, '' with one
    about      text NOT NULL,                 -- what was asked for, never the condition itself
    started_at bigint NOT NULL,
    took       bigint NOT NULL,              -- microseconds
    sent       bigint NOT NULL,              -- bytes of the body
    received   bigint NOT NULL,
    status     bigint NOT NULL,              -- of HTTP, 0 without an answer
    code       bigint NOT NULL,              -- msg_code, -1 without a reply
    sequence   bigint NOT NULL,              -- the file's number, 0 for none
    upload_id  text NOT NULL,
    file_name  text NOT NULL,                 -- of the download
    node       text NOT NULL
);
CREATE INDEX authority_calls_page ON authority_calls (channel_id, started_at, id);
CREATE INDEX authority_calls_failed ON authority_calls (channel_id, started_at, id) WHERE outcome <> 'ok';
CREATE INDEX authority_calls_upload ON authority_calls (upload_id, started_at, id) WHERE upload_id <> '';
CREATE INDEX authority_calls_file ON authority_calls (channel_id, file_name, started_at) WHERE file_name <> '';
CREATE INDEX authority_calls_swept ON authority_calls (started_at);

CREATE TABLE authority_pulses (
    channel_id     text PRIMARY KEY REFERENCES authority_channels (id),
    idle_polls     bigint NOT NULL,          -- polls that found nothing
    idle_at        bigint NOT NULL,          -- the last of them
    told_sequence  bigint NOT NULL,          -- the last number that the authority told
    told_at        bigint NOT NULL,
    takeovers      bigint NOT NULL,          -- leases that ran out and went to another node
    taken_over_at  bigint NOT NULL,
    taken_over_before bigint NOT NULL        -- the takeover before that one
);

CREATE INDEX authority_uploads_number ON authority_uploads (channel_id, sequence, created_at);
CREATE INDEX authority_uploads_open ON authority_uploads (channel_id, state) WHERE state IN ('stored', 'sending', 'unknown');
CREATE INDEX authority_downloads_open ON authority_downloads (channel_id, state, received_at) WHERE state IN ('received', 'parked');

-- +goose Down
DROP INDEX authority_downloads_open;
DROP INDEX authority_uploads_open;
DROP INDEX authority_uploads_number;
DROP TABLE authority_pulses;
DROP TABLE authority_calls;
