-- Transactions older than five minutes in these databases.
SELECT datname, 'pid ' || pid || ' of ' || coalesce(usename, '?') || ' (' || coalesce(nullif(application_name, ''), 'unnamed')
                  || ') is in a transaction for ' || extract(epoch FROM now() - xact_start)::int / 60 || ' min, ' || coalesce(state, '?')
  FROM pg_catalog.pg_stat_activity
 WHERE backend_type = 'client backend' AND datname = ANY (/*databases*/)
   AND xact_start < now() - interval '5 minutes' AND application_name !~ '^switchback/'
 ORDER BY xact_start
