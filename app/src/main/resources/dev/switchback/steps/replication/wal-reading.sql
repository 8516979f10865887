-- How far the WAL is, and when: two readings make a rate.
SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8, extract(epoch FROM clock_timestamp())::float8
