-- Others that decode this server's WAL.
SELECT s.slot_name, 'logical slot (' || s.plugin || ') of database ' || s.database
                      || CASE WHEN s.active THEN ', its reader is connected' ELSE ', no reader is connected' END
                      || coalesce(', keeps ' || pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)) || ' of WAL', ''),
       format('plan the reader''s move; or drop it: SELECT pg_drop_replication_slot(%L)', s.slot_name)
  FROM given, pg_catalog.pg_replication_slots s
 WHERE s.slot_type = 'logical' AND NOT s.temporary AND s.slot_name !~ '^switchback_'
 ORDER BY 1
