-- Application sessions of the given databases, and whether each is spared.
-- 1 spared roles, 2 spared applications of superusers, 3 databases, 4 start of our sessions' names,
-- 5 only sessions that began before this moment (null: all).
SELECT a.pid, a.backend_start, a.datname, a.usename, a.application_name,
       -- a spared session that has written is not spared
       a.backend_xid IS NULL
         AND (a.usename = ANY (?) OR (r.rolsuper AND a.application_name = ANY (?))) AS spared
FROM pg_catalog.pg_stat_activity a
LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
WHERE a.datname = ANY (?)
  AND a.backend_type = 'client backend'
  AND a.pid <> pg_backend_pid()
  AND NOT (a.usename = current_user AND starts_with(a.application_name, ?))
  AND a.backend_start < coalesce(?::timestamptz, 'infinity')
