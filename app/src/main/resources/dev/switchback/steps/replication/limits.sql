-- What this server allows for replication, and how much of it others use: name, number or word.
-- What is ours does not count: it is what the room is for. Readable without any right, so that a role
-- which may not see other sessions tells senders and workers by what it may see of them.
SELECT 'wal_level', current_setting('wal_level')
 UNION ALL
SELECT 'max_replication_slots', current_setting('max_replication_slots')
 UNION ALL
SELECT 'max_wal_senders', current_setting('max_wal_senders')
 UNION ALL
SELECT 'max_logical_replication_workers', current_setting('max_logical_replication_workers')
 UNION ALL
SELECT 'max_worker_processes', current_setting('max_worker_processes')
 UNION ALL
SELECT 'origins', coalesce(current_setting('max_active_replication_origins', true), current_setting('max_replication_slots'))
 UNION ALL
SELECT 'origins_setting', CASE WHEN current_setting('max_active_replication_origins', true) IS NULL
                               THEN 'max_replication_slots' ELSE 'max_active_replication_origins' END
 UNION ALL
SELECT 'max_slot_wal_keep_mib', setting FROM pg_catalog.pg_settings WHERE name = 'max_slot_wal_keep_size'
 UNION ALL
SELECT 'max_wal_size_mib', setting FROM pg_catalog.pg_settings WHERE name = 'max_wal_size'
 UNION ALL
SELECT 'synchronous_standby_names', current_setting('synchronous_standby_names')
 UNION ALL
SELECT 'used_slots', count(*)::text FROM pg_catalog.pg_replication_slots WHERE slot_name !~ '^switchback[_/]'
 UNION ALL
-- a physical walsender is a session with a role and without a database
SELECT 'used_senders', count(*)::text FROM pg_catalog.pg_stat_activity
 WHERE coalesce(application_name, '') !~ '^switchback[_/]'
   AND (backend_type = 'walsender' OR (backend_type IS NULL AND datid IS NULL AND usesysid IS NOT NULL))
 UNION ALL
SELECT 'used_logical_workers', count(*)::text FROM pg_catalog.pg_stat_subscription
 WHERE pid IS NOT NULL AND subname !~ '^switchback[_/]'
 UNION ALL
-- workers of extensions and the launcher; parallel workers come and go, and yield
SELECT 'used_processes', count(*)::text FROM pg_catalog.pg_stat_activity
 WHERE backend_type NOT IN ('client backend', 'walsender', 'walreceiver', 'walwriter', 'background writer', 'checkpointer',
                            'startup', 'archiver', 'autovacuum launcher', 'autovacuum worker', 'walsummarizer', 'io worker',
                            'slotsync worker', 'logger', 'parallel worker', 'standalone backend')
   AND coalesce(application_name, '') !~ '^switchback[_/]'
   AND backend_type !~ '^logical replication (apply |parallel |tablesync )?worker$'
 UNION ALL
SELECT 'used_origins', count(*)::text FROM pg_catalog.pg_replication_origin o
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_subscription s
                    WHERE 'pg_' || s.oid = o.roname AND s.subname ~ '^switchback_')
