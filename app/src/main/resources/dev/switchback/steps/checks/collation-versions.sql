-- Whether the library sorts now as when this database's indexes were built, as far as version numbers tell. From 15 on.
SELECT coalesce(to_jsonb(d) ->> 'datcollversion', ''), coalesce(pg_catalog.pg_database_collation_actual_version(oid), '')
  FROM pg_catalog.pg_database d WHERE datname = current_database()
