-- Roles that Spilo and the Zalando operator leave in a cluster. Run as superuser.
DO $$
DECLARE
    name text;
    how text;
BEGIN
    FOR name, how IN VALUES
        ('admin', 'CREATEDB NOLOGIN'),
        ('cron_admin', 'NOLOGIN'),
        ('zalandos', 'NOLOGIN'),
        ('robot_zmon', 'NOLOGIN'),
        ('standby', 'LOGIN REPLICATION'),
        ('pooler', 'LOGIN'),
        ('jdoe', 'LOGIN')
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I %s', name, how);
        END IF;
    END LOOP;
END
$$;
GRANT cron_admin TO admin;
-- a person of the team: no password, logs in through PAM
GRANT zalandos, admin TO jdoe;
ALTER ROLE jdoe SET log_statement = 'all';

-- enable_admin_role_for_users: admin administers each role of the manifest
DO $$
DECLARE
    role name;
BEGIN
    FOR role IN SELECT rolname FROM pg_roles WHERE rolname IN ('mastodon', 'mastodon_readonly') LOOP
        EXECUTE format('GRANT %I TO admin WITH ADMIN OPTION', role);
    END LOOP;
END
$$;
