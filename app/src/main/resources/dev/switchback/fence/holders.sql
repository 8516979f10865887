-- Who keeps us from locking a table against writers: sessions, and prepared transactions (which have no pid).
SELECT l.pid, a.backend_type, a.usename, a.application_name, l.mode,
       CASE WHEN l.pid IS NULL THEN
         (SELECT string_agg(quote_literal(p.gid), ', ') FROM pg_catalog.pg_prepared_xacts p
          WHERE p.database = current_database()) END AS prepared
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.relation = ?::regclass
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
  AND l.granted
  AND l.pid IS DISTINCT FROM pg_backend_pid()
  AND l.mode IN ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',
                 'ExclusiveLock', 'AccessExclusiveLock')
