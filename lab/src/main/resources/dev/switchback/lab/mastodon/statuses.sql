-- Posts and what people do with them. Column ledger_token is the lab's: a number chosen by the writer
-- outside the database; on purpose no index on it is unique, so that a doubled row is possible and found.
CREATE SEQUENCE conversations_id_seq;
CREATE TABLE conversations (
    id bigint PRIMARY KEY DEFAULT nextval('conversations_id_seq'),
    uri text,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER SEQUENCE conversations_id_seq OWNED BY conversations.id;
CREATE UNIQUE INDEX conversations_on_uri ON conversations (uri) WHERE uri IS NOT NULL;

CREATE SEQUENCE statuses_id_seq;
CREATE TABLE statuses (
    id bigint NOT NULL DEFAULT timestamp_id('statuses'),
    account_id bigint NOT NULL,
    text text NOT NULL DEFAULT '',
    spoiler_text text NOT NULL DEFAULT '',
    visibility status_visibility NOT NULL DEFAULT 'public',
    language varchar(8),
    uri text,
    conversation_id bigint REFERENCES conversations (id) ON DELETE SET NULL,
    in_reply_to_id bigint,
    reblog_of_id bigint,
    ordered_media_attachment_ids bigint[],
    sensitive boolean NOT NULL DEFAULT false,
    edited_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    ledger_token bigint,
    CONSTRAINT statuses_pkey PRIMARY KEY (id),
    CONSTRAINT statuses_account_fkey FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT statuses_in_reply_to_fkey FOREIGN KEY (in_reply_to_id) REFERENCES statuses (id) ON DELETE SET NULL,
    CONSTRAINT statuses_reblog_of_fkey FOREIGN KEY (reblog_of_id) REFERENCES statuses (id) ON DELETE CASCADE,
    CONSTRAINT statuses_text_short CHECK (char_length(text) <= 5000)
);
ALTER SEQUENCE statuses_id_seq OWNED BY statuses.id;
CREATE INDEX statuses_on_account ON statuses (account_id, id DESC, visibility) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX statuses_on_uri ON statuses (uri text_pattern_ops) WHERE uri IS NOT NULL;
CREATE INDEX statuses_on_in_reply_to ON statuses (in_reply_to_id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX statuses_on_reblog_of ON statuses (reblog_of_id, account_id);
CREATE INDEX statuses_on_created ON statuses USING brin (created_at);
CREATE INDEX statuses_on_ledger ON statuses (ledger_token) WHERE ledger_token IS NOT NULL;
CREATE TRIGGER statuses_touch BEFORE UPDATE ON statuses FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE STATISTICS statuses_account_visibility (ndistinct, dependencies, mcv)
    ON account_id, visibility FROM statuses;

CREATE TABLE status_stats (
    status_id bigint PRIMARY KEY REFERENCES statuses (id) ON DELETE CASCADE,
    replies_count bigint NOT NULL DEFAULT 0,
    reblogs_count bigint NOT NULL DEFAULT 0,
    favourites_count bigint NOT NULL DEFAULT 0,
    ledger_token bigint
) WITH (fillfactor = 90);
CREATE INDEX status_stats_on_ledger ON status_stats (ledger_token) WHERE ledger_token IS NOT NULL;

CREATE TABLE favourites (
    id bigserial PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status_id bigint NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    ledger_token bigint,
    CONSTRAINT favourites_once UNIQUE (account_id, status_id)
);
CREATE INDEX favourites_on_status ON favourites (status_id);
CREATE INDEX favourites_on_ledger ON favourites (ledger_token) WHERE ledger_token IS NOT NULL;
CREATE TRIGGER favourites_count AFTER INSERT OR DELETE ON favourites
    FOR EACH ROW EXECUTE FUNCTION count_favourites();

CREATE TABLE mentions (
    id bigserial PRIMARY KEY,
    account_id bigint REFERENCES accounts (id) ON DELETE CASCADE,
    status_id bigint NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    silent boolean NOT NULL DEFAULT false,
    UNIQUE (account_id, status_id)
);

CREATE SEQUENCE media_attachments_id_seq;
CREATE TABLE media_attachments (
    id bigint PRIMARY KEY DEFAULT timestamp_id('media_attachments'),
    status_id bigint REFERENCES statuses (id) ON DELETE SET NULL,
    account_id bigint REFERENCES accounts (id) ON DELETE SET NULL,
    file_meta jsonb,
    blurhash text,
    checksum bytea,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER SEQUENCE media_attachments_id_seq OWNED BY media_attachments.id;
CREATE INDEX media_attachments_on_meta ON media_attachments USING gin (file_meta jsonb_path_ops);
CREATE INDEX media_attachments_on_status ON media_attachments (status_id);

CREATE TABLE notifications (
    id bigserial PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_account_id bigint NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    type text NOT NULL DEFAULT 'mention',
    activity_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    ledger_token bigint
);
CREATE INDEX notifications_on_account ON notifications (account_id, id DESC);
CREATE INDEX notifications_on_ledger ON notifications (ledger_token) WHERE ledger_token IS NOT NULL;

CREATE TABLE tags (
    id bigserial PRIMARY KEY,
    name text NOT NULL DEFAULT '',
    usable boolean,
    UNIQUE (name)
);
CREATE INDEX tags_on_prefix ON tags (lower(name) text_pattern_ops);

-- no primary key, but an identity by index
CREATE TABLE statuses_tags (
    status_id bigint NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    tag_id bigint NOT NULL REFERENCES tags (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX statuses_tags_once ON statuses_tags (tag_id, status_id);
ALTER TABLE statuses_tags REPLICA IDENTITY USING INDEX statuses_tags_once;

CREATE TABLE polls (
    id bigserial PRIMARY KEY,
    status_id bigint NOT NULL REFERENCES statuses (id) ON DELETE CASCADE,
    options text[] NOT NULL DEFAULT '{}',
    cached_tallies bigint[] NOT NULL DEFAULT '{}',
    open_during tstzrange NOT NULL DEFAULT tstzrange(now(), now() + interval '1 day')
);
CREATE TABLE poll_votes (
    id bigserial PRIMARY KEY,
    poll_id bigint NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    choice integer NOT NULL DEFAULT 0
);
CREATE INDEX poll_votes_on_poll ON poll_votes (poll_id) INCLUDE (choice);
