-- Tables of users in database postgres; Spilo's log tables are the operator's.
SELECT 'postgres/' || format('%I.%I', n.nspname, c.relname),
       'table of ' || pg_catalog.pg_size_pretty(pg_catalog.pg_total_relation_size(c.oid)) || ' in database postgres, which stays behind'
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND NOT c.relispartition
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (/*schemas*/)
   AND c.relname !~ '^(postgres_log|failed_authentication)' AND 'postgres' <> ALL (/*databases*/)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1
