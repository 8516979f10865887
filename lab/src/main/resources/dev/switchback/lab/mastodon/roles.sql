-- Roles of the application. Run as superuser in any database; a role that exists is left as it is.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mastodon') THEN
        CREATE ROLE mastodon LOGIN CONNECTION LIMIT 150;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mastodon_reader') THEN
        CREATE ROLE mastodon_reader NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mastodon_readonly') THEN
        CREATE ROLE mastodon_readonly LOGIN IN ROLE mastodon_reader;
    END IF;
END
$$;

COMMENT ON ROLE mastodon IS 'Mastodon: web, sidekiq and streaming';
COMMENT ON ROLE mastodon_reader IS 'may read everything in public';

ALTER ROLE mastodon SET lock_timeout = '10s';
ALTER ROLE mastodon SET search_path = "$user", public;
ALTER ROLE mastodon_readonly SET default_transaction_read_only = on;
ALTER ROLE mastodon_readonly SET statement_timeout = '15min';
