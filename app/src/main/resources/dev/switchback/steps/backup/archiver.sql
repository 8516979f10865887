-- Whether write-ahead log leaves the server: mode, whether the command keeps anything, seconds since the last
-- file, failing since. The command itself may hold secrets and is not read out.
SELECT pg_catalog.current_setting('archive_mode'),
       pg_catalog.current_setting('archive_command') !~ '^\s*(/usr)?(/bin/)?(true|:)?\s*$',
       extract(epoch FROM now() - last_archived_time)::bigint,
       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false),
       last_failed_wal
  FROM pg_catalog.pg_stat_archiver
