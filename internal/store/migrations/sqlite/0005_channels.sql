-- Several channels to authorities: their settings, which orders are whose, and
-- when the bytes of old files were deleted.

-- +goose Up

CREATE TABLE channel_settings (
    channel_id  text PRIMARY KEY REFERENCES authority_channels (id),
    version     integer NOT NULL,
    settings    text NOT NULL,                -- JSON without secrets
    wrapped_key blob NOT NULL,
    sealed      blob NOT NULL,                -- the secrets
    updated_at  integer NOT NULL,
    updated_by  text NOT NULL
);

-- The authority's own words on the trouble, such as its hours.
ALTER TABLE authority_channels ADD COLUMN health_text text NOT NULL DEFAULT '';

-- The channel that reports an order, '' until it is ready for the first time.
ALTER TABLE orders ADD COLUMN authority_channel text NOT NULL DEFAULT '';
UPDATE orders SET authority_channel = 'main'
WHERE state IN ('ready', 'submitting', 'submit_failed', 'sms_pending', 'authority_review', 'returned_to_provider', 'authority_rejected', 'filed');
CREATE INDEX orders_authority ON orders (authority_channel, state, state_since, id);

ALTER TABLE authority_uploads ADD COLUMN deleted_at integer NOT NULL DEFAULT 0;
ALTER TABLE authority_downloads ADD COLUMN deleted_at integer NOT NULL DEFAULT 0;
CREATE INDEX authority_uploads_kept ON authority_uploads (channel_id, created_at, id) WHERE deleted_at = 0;
CREATE INDEX authority_downloads_kept ON authority_downloads (channel_id, received_at, id) WHERE deleted_at = 0;
CREATE INDEX authority_uploads_unsettled ON authority_uploads (channel_id, sequence) WHERE state IN ('stored', 'sending', 'unknown');

-- +goose Down
DROP INDEX authority_uploads_unsettled;
DROP INDEX authority_downloads_kept;
DROP INDEX authority_uploads_kept;
ALTER TABLE authority_downloads DROP COLUMN deleted_at;
ALTER TABLE authority_uploads DROP COLUMN deleted_at;
DROP INDEX orders_authority;
ALTER TABLE orders DROP COLUMN authority_channel;
ALTER TABLE authority_channels DROP COLUMN health_text;
DROP TABLE channel_settings;
