-- One slot. Parameter: its name. How transactions are counted depends on the server's version.
SELECT s.active, coalesce(s.wal_status, 'lost') AS wal_status, s.confirmed_flush_lsn::text AS confirmed,
       coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
                                s.restart_lsn), 0)::bigint AS retained,
       s.safe_wal_size::bigint AS safe, s.plugin,
       coalesce(c.transactions, -1) AS transactions, coalesce(c.since, '') AS since
  FROM pg_catalog.pg_replication_slots s
  /* counter */
 WHERE s.slot_name = ?
