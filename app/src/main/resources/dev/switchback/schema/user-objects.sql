-- What a user made in this database, as 'kind name'. Parameter: schemas left out.
WITH ns AS (
  SELECT * FROM pg_catalog.pg_namespace
   WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND nspname <> ALL (?)
), made AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid AS class, c.oid,
         CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                        WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'type' END || ' ' || format('%I.%I', ns.nspname, c.relname) AS word
    FROM pg_catalog.pg_class c JOIN ns ON ns.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND c.relpersistence <> 't'
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 'function ' || format('%I.%I', ns.nspname, p.proname)
    FROM pg_catalog.pg_proc p JOIN ns ON ns.oid = p.pronamespace
  UNION ALL
  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 'type ' || format('%I.%I', ns.nspname, t.typname)
    FROM pg_catalog.pg_type t JOIN ns ON ns.oid = t.typnamespace WHERE t.typtype IN ('e', 'd', 'r')
  UNION ALL
  SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, ns.oid, 'schema ' || quote_ident(ns.nspname) FROM ns WHERE ns.nspname <> 'public'
  UNION ALL
  SELECT 'pg_catalog.pg_event_trigger'::pg_catalog.regclass, e.oid, 'event trigger ' || quote_ident(e.evtname)
    FROM pg_catalog.pg_event_trigger e WHERE e.evtname <> 'switchback_fence_ddl'
  UNION ALL
  SELECT 'pg_catalog.pg_largeobject'::pg_catalog.regclass, l.oid, 'large object ' || l.oid
    FROM (SELECT oid FROM pg_catalog.pg_largeobject_metadata ORDER BY oid LIMIT 5) l
)
SELECT m.word FROM made m
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = m.class AND d.objid = m.oid AND d.deptype IN ('e', 'i'))
 ORDER BY m.word COLLATE pg_catalog."C"
