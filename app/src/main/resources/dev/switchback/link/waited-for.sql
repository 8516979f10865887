-- Transactions that a slot's creation waits for: open, and have written. Newest last.
SELECT format('pid %s, %s in %s since %s: %s', a.pid, a.usename, a.datname, to_char(a.xact_start, 'HH24:MI:SS TZ'),
              left(regexp_replace(a.query, '\s+', ' ', 'g'), 80))
  FROM pg_catalog.pg_stat_activity a
 WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()
UNION ALL
SELECT format('prepared transaction %L of %s in %s', p.gid, p.owner, p.database) FROM pg_catalog.pg_prepared_xacts p
