-- Transactions older than a minute that have written; those that only read do not hold a slot up.
SELECT coalesce(a.datname, '?') || ' pid ' || a.pid,
       coalesce(a.usename, '?') || ' (' || coalesce(nullif(a.application_name, ''), 'unnamed') || ') writes in a transaction since '
         || to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC, ' || coalesce(a.state, '?')
         || coalesce(', its last statement began ' || to_char(a.query_start AT TIME ZONE 'UTC', 'HH24:MI:SS'), ''),
       format('let it end, or SELECT pg_terminate_backend(%s)', a.pid)
  FROM given, pg_catalog.pg_stat_activity a
 WHERE a.backend_xid IS NOT NULL AND a.xact_start < now() - interval '60 seconds'
   AND coalesce(a.application_name, '') !~ '^switchback'
 ORDER BY a.xact_start
