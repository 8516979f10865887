-- What must travel, one line each: what, kind, bytes or number.
-- Parameter: schemas left out. Extension members are left out: their extension brings them.
WITH moved AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relname
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'm', 'p', 'S', 'v', 'f')
     AND c.relpersistence <> 't'
     AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     AND n.nspname <> ALL (?)
     AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
SELECT 'database', '', pg_database_size(current_database())
UNION ALL
SELECT 'table', '', pg_table_size(oid) FROM moved WHERE relkind = 'r'
UNION ALL
SELECT 'matview', '', pg_table_size(oid) FROM moved WHERE relkind = 'm'
UNION ALL
SELECT 'index', a.amname, pg_relation_size(i.indexrelid)
  FROM moved m
  JOIN pg_index i ON i.indrelid = m.oid
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_am a ON a.oid = c.relam
 WHERE m.relkind IN ('r', 'm')
UNION ALL
SELECT 'foreign-key', '', pg_table_size(f.conrelid) + pg_table_size(f.confrelid)
  FROM pg_constraint f
  JOIN moved m ON m.oid = f.conrelid
 WHERE f.contype = 'f' AND m.relkind = 'r'
UNION ALL
SELECT 'sequences', '', count(*) FROM moved WHERE relkind = 'S'
UNION ALL
SELECT 'large-objects', '', count(*) FROM pg_largeobject_metadata
UNION ALL
SELECT 'large-object-bytes', '',
       CASE WHEN EXISTS (SELECT FROM pg_largeobject_metadata) THEN pg_table_size('pg_largeobject') ELSE 0 END
UNION ALL
SELECT 'definitions', '',
       (SELECT count(*) FROM moved)
     + (SELECT count(*) FROM pg_index i JOIN moved m ON m.oid = i.indrelid)
     + (SELECT count(*) FROM pg_constraint f JOIN moved m ON m.oid = f.conrelid)
     + (SELECT count(*) FROM pg_trigger t JOIN moved m ON m.oid = t.tgrelid WHERE NOT t.tgisinternal)
     + (SELECT count(*) FROM pg_proc p WHERE p.oid >= 16384)
