-- Logical replication into the databases that move.
SELECT d.datname || ' ' || s.subname,
       CASE WHEN s.subenabled THEN '' ELSE 'disabled ' END || 'subscription receives publication(s) ' || array_to_string(s.subpublications, ', '),
       format('in database %I: DROP SUBSCRIPTION %I, and subscribe after the migration', d.datname, s.subname)
  FROM given, pg_catalog.pg_subscription s
  JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
 WHERE d.datname = ANY (given.databases) AND s.subname !~ '^switchback_'
 ORDER BY 1
