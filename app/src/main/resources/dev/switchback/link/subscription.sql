-- One subscription of this database. Parameter: its name. The counters depend on the server's version.
SELECT s.subenabled,
       (SELECT w.pid FROM pg_catalog.pg_stat_subscription w
         WHERE w.subid = s.oid AND w.relid IS NULL AND w.pid IS NOT NULL LIMIT 1) AS worker,
       (SELECT o.remote_lsn::text FROM pg_catalog.pg_replication_origin_status o
         WHERE o.external_id = 'pg_' || s.oid) AS origin,
       (SELECT count(*) FROM pg_catalog.pg_subscription_rel r WHERE r.srsubid = s.oid AND r.srsubstate <> 'r')::int AS unready,
       /* counters */
  FROM pg_catalog.pg_subscription s
  /* statistics */
 WHERE s.subname = ?
   AND s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
