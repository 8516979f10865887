-- How each relation with rows can be read and hashed. Parameter: schemas left out.
-- "base" is the built-in type under a column, through domains, or empty for everything else.
WITH RECURSIVE base AS (
    SELECT t.oid, t.oid AS base FROM pg_type t WHERE t.typtype <> 'd'
    UNION ALL
    SELECT d.oid, b.base FROM base b JOIN pg_type d ON d.typbasetype = b.oid AND d.typtype = 'd')
SELECT n.nspname, c.relname,
       CASE WHEN m.amname = 'heap'
            THEN pg_relation_size(c.oid) / current_setting('block_size')::bigint ELSE 0 END,
       array_agg(a.attname::text ORDER BY a.attnum),
       array_agg(format_type(a.atttypid, NULL) ORDER BY a.attnum),
       array_agg(CASE WHEN bn.nspname = 'pg_catalog' THEN bt.typname::text ELSE '' END ORDER BY a.attnum)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_am m ON m.oid = c.relam
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN base b ON b.oid = a.atttypid
  JOIN pg_type bt ON bt.oid = b.base
  JOIN pg_namespace bn ON bn.oid = bt.typnamespace
 WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (?)
 GROUP BY n.nspname, c.relname, c.oid, m.amname
