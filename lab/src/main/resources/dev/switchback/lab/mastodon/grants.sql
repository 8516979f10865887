-- What the read-only roles may see, now and for tables still to come.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO mastodon_reader;
REVOKE SELECT ON accounts FROM mastodon_reader;
GRANT SELECT (id, username, domain, display_name, created_at) ON accounts TO mastodon_reader;
GRANT SELECT, USAGE ON SEQUENCE statuses_id_seq TO mastodon_reader WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION timestamp_id(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION timestamp_id(text) TO mastodon_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO mastodon_reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
