-- What Spilo leaves in every database.
CREATE EXTENSION pg_stat_statements SCHEMA public;
CREATE SCHEMA metric_helpers;
CREATE FUNCTION metric_helpers.pg_stat_statements(showtext boolean) RETURNS SETOF public.pg_stat_statements
  LANGUAGE sql AS 'SELECT * FROM public.pg_stat_statements(showtext)';
CREATE VIEW metric_helpers.pg_stat_statements AS SELECT * FROM metric_helpers.pg_stat_statements(true);
CREATE TABLE metric_helpers.state (n int);
INSERT INTO metric_helpers.state VALUES (1);
REVOKE ALL ON SCHEMA metric_helpers FROM PUBLIC;
GRANT USAGE ON SCHEMA metric_helpers TO admin, robot_zmon;
CREATE SCHEMA user_management;
CREATE FUNCTION user_management.create_user(name text) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
REVOKE EXECUTE ON FUNCTION public.pg_stat_statements_reset FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.pg_stat_statements_reset TO admin;
GRANT SELECT ON public.pg_stat_statements TO reporting;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal() TO admin;
GRANT SELECT ON pg_catalog.pg_stat_activity TO reporting;
