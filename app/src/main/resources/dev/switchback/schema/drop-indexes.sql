-- DROP statements for all foreign keys, keys and indexes of user tables: foreign keys first.
-- Parameter: schemas left alone.
WITH tables AS (
  SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'm')
     AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     AND n.nspname <> ALL (?)
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                        AND d.objid = c.oid AND d.deptype = 'e')
), drops AS (
  SELECT CASE k.contype WHEN 'f' THEN 1 ELSE 2 END AS place,
         format('ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %I', t.name, k.conname) AS statement
    FROM pg_catalog.pg_constraint k
    JOIN tables t ON t.oid = k.conrelid
   WHERE k.contype IN ('f', 'p', 'u', 'x') AND k.conparentid = 0
  UNION ALL
  SELECT 3, format('DROP INDEX IF EXISTS %I.%I', n.nspname, x.relname)
    FROM pg_catalog.pg_index i
    JOIN tables t ON t.oid = i.indrelid
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
   WHERE NOT x.relispartition
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
)
SELECT statement FROM drops ORDER BY place, statement COLLATE pg_catalog."C"
