-- Logical replication into this database.
SELECT s.subname, 'subscription receives publication(s) ' || array_to_string(s.subpublications, ', ')
                    || CASE WHEN s.subenabled THEN '' ELSE ' (disabled)' END
  FROM pg_catalog.pg_subscription s
  JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = current_database()
 ORDER BY 1
