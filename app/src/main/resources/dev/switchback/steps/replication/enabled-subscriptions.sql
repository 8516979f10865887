-- Logical replication into the databases that move, switched on.
SELECT d.datname || ' ' || s.subname,
       'subscription receives publication(s) ' || array_to_string(s.subpublications, ', '),
       format('in database %I: ALTER SUBSCRIPTION %I DISABLE, and subscribe the target after the migration', d.datname, s.subname)
  FROM given, pg_catalog.pg_subscription s
  JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
 WHERE d.datname = ANY (given.databases) AND s.subenabled AND s.subname !~ '^switchback_'
 ORDER BY 1
