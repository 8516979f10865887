-- Since 14: WAL bytes and seconds since the counters began.
SELECT wal_bytes::float8, extract(epoch FROM clock_timestamp() - stats_reset)::float8
  FROM pg_catalog.pg_stat_wal WHERE stats_reset IS NOT NULL
