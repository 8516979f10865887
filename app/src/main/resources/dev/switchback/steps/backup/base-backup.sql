-- The newest base backup that this server has archived, by the history file that the end of one leaves in pg_wal:
-- name, seconds since, label. One taken by pg_basebackup itself makes a replica and is no backup.
SELECT h.name, extract(epoch FROM now() - h.modification)::bigint,
       substring(pg_catalog.pg_read_file('pg_wal/' || h.name) FROM 'LABEL: ([^\n]*)')
  FROM pg_catalog.pg_ls_waldir() h
 WHERE h.name ~ '^[0-9A-F]{24}\.[0-9A-F]{8}\.backup$'
   AND pg_catalog.pg_read_file('pg_wal/' || h.name) !~ 'LABEL: pg_basebackup base backup'
   AND EXISTS (SELECT FROM pg_catalog.pg_ls_archive_statusdir() s WHERE s.name = h.name || '.done')
 ORDER BY h.modification DESC
 LIMIT 1
