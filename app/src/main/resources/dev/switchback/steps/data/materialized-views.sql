-- Materialized views, those first that are made of none, then those made of these: by the longest way down, through
-- ordinary views too. Views cannot be made of themselves, so the walk ends.
WITH RECURSIVE
  uses AS (
    SELECT DISTINCT r.ev_class AS view, d.refobjid AS used
      FROM pg_catalog.pg_rewrite r
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
       AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class),
  walk AS (
    SELECT c.oid AS root, c.oid AS node, 0 AS depth FROM pg_catalog.pg_class c WHERE c.relkind = 'm'
    UNION
    SELECT w.root, u.used, w.depth + 1 FROM walk w JOIN uses u ON u.view = w.node)
SELECT n.nspname, c.relname
  FROM walk w
  JOIN pg_catalog.pg_class c ON c.oid = w.root
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 GROUP BY c.oid, n.nspname, c.relname
 ORDER BY max(w.depth), c.oid
