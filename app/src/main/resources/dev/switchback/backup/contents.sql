-- Everything of a database that holds data and that pg_dump writes an entry for: kind, oid, schema, name.
-- Extension members are left out: pg_dump writes only what their extension marks as configuration.
SELECT CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'ROOT' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'SEQUENCE' END,
       c.oid::bigint, n.nspname, c.relname
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'S', 'm') AND c.relpersistence <> 't'
   AND (c.relkind <> 'm' OR c.relispopulated)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid AND d.deptype = 'e')
 ORDER BY 1, 3, 4
