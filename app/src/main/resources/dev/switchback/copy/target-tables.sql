-- Tables of the target: stored columns' names and types, and whether anything was ever put into them. Parameter: schemas left out.
SELECT n.nspname, c.relname, s.columns, s.types, pg_catalog.pg_relation_size(c.oid) = 0
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(t.attname::text ORDER BY t.attnum), '{}') AS columns,
              coalesce(array_agg(pg_catalog.format_type(t.atttypid, t.atttypmod) ORDER BY t.attnum), '{}') AS types
         FROM pg_catalog.pg_attribute t
        WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped AND t.attgenerated = '') s
 WHERE c.relkind = 'r' AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (?)
