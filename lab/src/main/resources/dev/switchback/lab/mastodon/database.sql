-- What belongs to the database itself. Run as superuser in it; its name is the caller's choice.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO mastodon', current_database());
    EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'Mastodon: it''s the whole instance');
    EXECUTE format('ALTER DATABASE %I SET work_mem = %L', current_database(), '8MB');
    EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'UTC');
    EXECUTE format(
        'ALTER ROLE mastodon IN DATABASE %I SET idle_in_transaction_session_timeout = %L',
        current_database(), '5min');
    EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO mastodon', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO mastodon_reader', current_database());
END
$$;

-- before PostgreSQL 15 schema public belongs to the superuser, so this cannot be the owner's grant
GRANT USAGE ON SCHEMA public TO mastodon_reader;
