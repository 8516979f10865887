-- One row of what must not move between the fence and the switch. xmin changes with every version of a row and with
-- nothing else, so the digests see any write to a large object or a definition without reading contents.
SELECT
  (SELECT coalesce(sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del), 0)
   FROM pg_catalog.pg_stat_all_tables s
   WHERE s.schemaname !~ '^pg_' AND s.schemaname NOT IN ('information_schema', 'switchback')) AS row_changes,
  (SELECT count(*) || ':' || coalesce(sum(hashtext(l.loid || ':' || l.pageno || ':' || l.xmin)::bigint), 0)
   FROM pg_catalog.pg_largeobject l) || '/' ||
  (SELECT count(*) || ':' || coalesce(sum(hashtext(m.oid || ':' || m.xmin)::bigint), 0)
   FROM pg_catalog.pg_largeobject_metadata m) AS large_objects,
  (WITH namespaces AS (
     SELECT n.oid, n.xmin FROM pg_catalog.pg_namespace n
     WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'switchback')),
   tables AS (
     SELECT c.oid, c.xmin, c.relkind FROM pg_catalog.pg_class c JOIN namespaces n ON n.oid = c.relnamespace
     WHERE c.relpersistence <> 't'),
   definitions AS (
     SELECT 'n' || n.oid || ':' || n.xmin AS row FROM namespaces n
     UNION ALL SELECT 'c' || t.oid || ':' || t.xmin FROM tables t WHERE t.relkind <> 'S'
     UNION ALL SELECT 'a' || a.attrelid || ':' || a.attnum || ':' || a.xmin
       FROM pg_catalog.pg_attribute a JOIN tables t ON t.oid = a.attrelid
     UNION ALL SELECT 'd' || d.oid || ':' || d.xmin
       FROM pg_catalog.pg_attrdef d JOIN tables t ON t.oid = d.adrelid
     UNION ALL SELECT 't' || g.oid || ':' || g.xmin
       FROM pg_catalog.pg_trigger g JOIN tables t ON t.oid = g.tgrelid
     UNION ALL SELECT 'o' || o.oid || ':' || o.xmin
       FROM pg_catalog.pg_constraint o JOIN namespaces n ON n.oid = o.connamespace
     UNION ALL SELECT 'p' || p.oid || ':' || p.xmin
       FROM pg_catalog.pg_proc p JOIN namespaces n ON n.oid = p.pronamespace
     UNION ALL SELECT 'y' || y.oid || ':' || y.xmin
       FROM pg_catalog.pg_type y JOIN namespaces n ON n.oid = y.typnamespace
     UNION ALL SELECT 'r' || r.oid || ':' || r.xmin
       FROM pg_catalog.pg_rewrite r JOIN tables t ON t.oid = r.ev_class
     UNION ALL SELECT 'i' || i.indexrelid || ':' || i.xmin
       FROM pg_catalog.pg_index i JOIN tables t ON t.oid = i.indrelid)
   SELECT count(*) || ':' || coalesce(sum(hashtext(d.row)::bigint), 0) FROM definitions d) AS definitions,
  (SELECT count(*) FROM pg_catalog.pg_prepared_xacts x WHERE x.database = current_database()) AS prepared
