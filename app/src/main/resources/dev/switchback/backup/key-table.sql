-- The tables that hold a key table's rows: itself, or its partitions' leaves. Parameters: name, schema or null.
SELECT l.oid::bigint, ln.nspname, l.relname
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT c.oid WHERE c.relkind = 'r'
                      UNION ALL
                      SELECT t.relid FROM pg_catalog.pg_partition_tree(c.oid) t
                       WHERE c.relkind = 'p' AND t.isleaf) leaf (oid)
  JOIN pg_catalog.pg_class l ON l.oid = leaf.oid AND l.relkind = 'r'
  JOIN pg_catalog.pg_namespace ln ON ln.oid = l.relnamespace
 WHERE c.relkind IN ('r', 'p') AND c.relname = ? AND (?::text IS NULL OR n.nspname = ?)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY 2, 3
