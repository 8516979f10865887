-- Tables, sequences and materialized views that somebody put into a schema of the operator's; Spilo has only
-- functions and views there.
SELECT format('%I.%I', n.nspname, c.relname),
       CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'm' THEN 'materialized view' ELSE 'table' END
         || ' of ' || pg_catalog.pg_size_pretty(pg_catalog.pg_total_relation_size(c.oid))
         || ' lies in schema ' || n.nspname || ', which stays behind'
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm', 'S') AND n.nspname = ANY (/*schemas*/) AND n.nspname <> 'switchback'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'a', 'i'))
 ORDER BY 1
