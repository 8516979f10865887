-- Bytes of all databases, and of WAL on disk. Needs the superuser or pg_monitor.
SELECT (SELECT sum(pg_database_size(oid))::int8 FROM pg_catalog.pg_database),
       (SELECT coalesce(sum(size), 0)::int8 FROM pg_ls_waldir())
