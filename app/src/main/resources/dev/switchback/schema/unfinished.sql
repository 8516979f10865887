-- Constraints that are not validated and indexes that are not valid. Parameter: schemas left out.
SELECT CASE k.contype WHEN 'f' THEN 'foreign key ' ELSE 'constraint ' END || format('%I on %I.%I', k.conname, n.nspname, c.relname)
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> ALL (?)
 WHERE NOT k.convalidated
UNION ALL
SELECT 'index ' || format('%I.%I', n.nspname, x.relname)
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> ALL (?)
 WHERE NOT i.indisvalid
