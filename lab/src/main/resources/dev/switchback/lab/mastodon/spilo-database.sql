-- What Spilo's start script leaves in every database, template1 included. Run as superuser; repeatable,
-- as Spilo runs it again at each promotion.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public;

CREATE SCHEMA IF NOT EXISTS metric_helpers AUTHORIZATION postgres;
GRANT USAGE ON SCHEMA metric_helpers TO admin, robot_zmon;

CREATE OR REPLACE FUNCTION metric_helpers.get_table_bloat_approx(
    OUT t_schema_name text, OUT t_table_name text, OUT t_dead_rows bigint, OUT t_bytes bigint)
    RETURNS SETOF record LANGUAGE sql SECURITY DEFINER SET search_path = 'pg_catalog' AS $$
    SELECT schemaname::text, relname::text, n_dead_tup, pg_relation_size(relid) FROM pg_stat_user_tables
$$;
CREATE OR REPLACE VIEW metric_helpers.table_bloat AS SELECT * FROM metric_helpers.get_table_bloat_approx();

CREATE OR REPLACE FUNCTION metric_helpers.get_btree_bloat_approx(
    OUT i_schema_name text, OUT i_index_name text, OUT i_bytes bigint)
    RETURNS SETOF record LANGUAGE sql SECURITY DEFINER SET search_path = 'pg_catalog' AS $$
    SELECT schemaname::text, indexrelname::text, pg_relation_size(indexrelid) FROM pg_stat_user_indexes
$$;
CREATE OR REPLACE VIEW metric_helpers.index_bloat AS SELECT * FROM metric_helpers.get_btree_bloat_approx();

CREATE OR REPLACE FUNCTION metric_helpers.get_nearly_exhausted_sequences(
    threshold float, OUT s_schema_name text, OUT s_name text, OUT s_used float)
    RETURNS SETOF record LANGUAGE sql SECURITY DEFINER SET search_path = 'pg_catalog' AS $$
    SELECT schemaname::text, sequencename::text, last_value::float / max_value
    FROM pg_sequences WHERE last_value::float / max_value > threshold
$$;
CREATE OR REPLACE VIEW metric_helpers.nearly_exhausted_sequences AS
    SELECT * FROM metric_helpers.get_nearly_exhausted_sequences(0.8);

-- a view of the extension's that ours depend on
CREATE OR REPLACE FUNCTION metric_helpers.pg_stat_statements(showtext boolean)
    RETURNS SETOF public.pg_stat_statements LANGUAGE sql SECURITY DEFINER SET search_path = 'pg_catalog' AS $$
    SELECT * FROM public.pg_stat_statements(showtext)
$$;
CREATE OR REPLACE VIEW metric_helpers.pg_stat_statements AS SELECT * FROM metric_helpers.pg_stat_statements(true);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA metric_helpers FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA metric_helpers TO admin, robot_zmon;
GRANT SELECT ON ALL TABLES IN SCHEMA metric_helpers TO admin, robot_zmon;

CREATE SCHEMA IF NOT EXISTS user_management AUTHORIZATION postgres;
GRANT USAGE ON SCHEMA user_management TO admin;
CREATE OR REPLACE FUNCTION user_management.random_password(length integer) RETURNS text
    LANGUAGE sql AS $$SELECT substr(repeat(md5(random()::text), 1 + length / 32), 1, length)$$;
CREATE OR REPLACE FUNCTION user_management.create_user(username text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = 'pg_catalog' AS
    $$BEGIN EXECUTE format('CREATE ROLE %I LOGIN IN ROLE zalandos, admin', username); END$$;
CREATE OR REPLACE FUNCTION user_management.create_role(rolename text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = 'pg_catalog' AS
    $$BEGIN EXECUTE format('CREATE ROLE %I ADMIN admin', rolename); END$$;
CREATE OR REPLACE FUNCTION user_management.create_application_user(username text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = 'pg_catalog' AS
    $$
DECLARE
    pw text := user_management.random_password(20);
BEGIN
    EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', username, pw);
    RETURN pw;
END
$$;
CREATE OR REPLACE FUNCTION user_management.revoke_admin(username text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = 'pg_catalog' AS
    $$BEGIN EXECUTE format('REVOKE admin FROM %I', username); END$$;
CREATE OR REPLACE FUNCTION user_management.drop_user(username text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = 'pg_catalog' AS
    $$BEGIN EXECUTE format('DROP ROLE %I', username); END$$;
CREATE OR REPLACE FUNCTION user_management.terminate_backend(pid integer) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = 'pg_catalog' AS $$SELECT pg_terminate_backend(pid)$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA user_management FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA user_management TO admin;

-- privileges on objects of the system and of the extension
GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal() TO admin;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_create_restore_point(text) TO admin;
GRANT SELECT ON pg_catalog.pg_stat_activity TO robot_zmon;
GRANT pg_monitor TO robot_zmon;
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN SELECT oid FROM pg_proc WHERE proname = 'pg_stat_statements_reset' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO admin', f);
    END LOOP;
END
$$;

-- the pooler's way to look passwords up, made by the operator
CREATE SCHEMA IF NOT EXISTS pooler AUTHORIZATION postgres;
CREATE OR REPLACE FUNCTION pooler.user_lookup(IN i_username text, OUT uname text, OUT phash text)
    RETURNS record LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    SELECT usename, passwd INTO uname, phash FROM pg_catalog.pg_shadow
    WHERE usename = i_username AND usename NOT IN ('postgres', 'standby');
END
$$;
REVOKE ALL ON FUNCTION pooler.user_lookup(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA pooler TO pooler;
GRANT EXECUTE ON FUNCTION pooler.user_lookup(text) TO pooler;

-- privileges of excluded roles on objects that do belong to the application
GRANT ALL ON SCHEMA public TO admin;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO admin;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO robot_zmon;
