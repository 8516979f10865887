-- Indexes that a failed CREATE INDEX CONCURRENTLY or REINDEX left behind.
SELECT format('%I.%I', n.nspname, c.relname),
       CASE WHEN i.indisunique THEN 'unique index' ELSE 'index' END || ' of table ' || t.relname || ' is not '
         || CASE WHEN i.indisready THEN 'valid' ELSE 'ready' END
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
  JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT (i.indisvalid AND i.indisready)
   AND n.nspname !~ '^pg_' AND n.nspname <> ALL (/*schemas*/)
 ORDER BY 1
