-- Tables that hold rows of the user's, largest first, with what decides how they are copied. Parameter: schemas left out.
SELECT c.oid::bigint, n.nspname, c.relname, s.columns, s.type_oids, s.types,
       pg_catalog.pg_relation_size(c.oid), pg_catalog.pg_table_size(c.oid), c.relpersistence = 'u',
       a.amname = 'heap', coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::bigint,
       CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE pg_catalog.pg_relation_size(c.reltoastrelid) END
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(t.attname::text ORDER BY t.attnum), '{}') AS columns,
              coalesce(array_agg(t.atttypid::bigint ORDER BY t.attnum), '{}') AS type_oids,
              coalesce(array_agg(pg_catalog.format_type(t.atttypid, t.atttypmod) ORDER BY t.attnum), '{}') AS types
         FROM pg_catalog.pg_attribute t
        WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped AND t.attgenerated = '') s
 WHERE c.relkind = 'r' AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (?)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY pg_catalog.pg_table_size(c.oid) DESC, n.nspname COLLATE pg_catalog."C", c.relname COLLATE pg_catalog."C"
