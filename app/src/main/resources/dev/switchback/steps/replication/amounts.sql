-- What the write pause must carry by other means: kind, how many, bytes, names of the largest.
-- Parameter: schemas left out.
WITH user_relation AS (
  SELECT c.oid, c.relkind, c.relpersistence, c.relispopulated, format('%I.%I', n.nspname, c.relname) AS name,
         pg_catalog.pg_table_size(c.oid) AS bytes
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'm')
     AND (c.relpersistence = 'u' OR c.relkind = 'm')
     AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (?)
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
SELECT 'unlogged', count(*), coalesce(sum(bytes), 0)::int8,
       coalesce(array_to_string((array_agg(name ORDER BY bytes DESC, name))[1:5], ', '), '')
  FROM user_relation WHERE relkind = 'r'
 UNION ALL
SELECT 'views', count(*), coalesce(sum(bytes), 0)::int8,
       coalesce(array_to_string((array_agg(name ORDER BY bytes DESC, name))[1:5], ', '), '')
  FROM user_relation WHERE relkind = 'm' AND relispopulated
 UNION ALL
SELECT 'objects', count(*),
       CASE WHEN count(*) = 0 THEN 0 ELSE pg_catalog.pg_table_size('pg_catalog.pg_largeobject') END,
       coalesce((SELECT string_agg(owner, ', ' ORDER BY owner)
                   FROM (SELECT DISTINCT pg_get_userbyid(lomowner)::text AS owner FROM pg_catalog.pg_largeobject_metadata) o), '')
  FROM pg_catalog.pg_largeobject_metadata
 UNION ALL
SELECT 'generated', count(DISTINCT a.attrelid), 0, coalesce(string_agg(DISTINCT format('%I.%I', n.nspname, c.relname), ', '), '')
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relpersistence = 'p'
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE a.attgenerated <> '' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (?)
