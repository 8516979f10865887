-- The reverse link's workers pass: they fire statement triggers for TRUNCATE only. backend_type cannot be faked by SQL.
CREATE SCHEMA IF NOT EXISTS switchback;
CREATE OR REPLACE FUNCTION switchback.refuse_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF EXISTS (SELECT FROM pg_stat_get_activity(pg_backend_pid()) AS me
             WHERE me.backend_type LIKE 'logical replication %worker') THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION USING ERRCODE = '25006',
    MESSAGE = format('switchback: database %I is fenced, %s on %I.%I is refused',
                     current_database(), TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME),
    HINT = 'The database is being moved: reconnect through the current endpoint. To open this side again run "switchback rollback".';
END $body$;
CREATE OR REPLACE FUNCTION switchback.refuse_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF EXISTS (SELECT FROM pg_stat_get_activity(pg_backend_pid()) AS me
             WHERE me.backend_type LIKE 'logical replication %worker') THEN
    RETURN;
  END IF;
  RAISE EXCEPTION USING ERRCODE = '25006',
    MESSAGE = format('switchback: database %I is fenced, %s is refused', current_database(), TG_TAG),
    HINT = 'The database is being moved: reconnect through the current endpoint. To open this side again run "switchback rollback".';
END $body$
