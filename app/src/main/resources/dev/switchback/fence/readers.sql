-- Clients, ours aside, whose open transaction keeps a relation: to take a trigger off it, even reading it stands in the way.
SELECT a.pid
FROM pg_catalog.pg_locks l
JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.relation = ?::regclass
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
  AND l.granted
  AND l.pid <> pg_backend_pid()
  AND a.backend_type = 'client backend'
