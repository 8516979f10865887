-- Objects of this database whose rows, state or triggers our role could not reach.
SELECT format('%I.%I', n.nspname, c.relname),
       CASE WHEN c.relkind = 'S' THEN 'its position' WHEN row_security_active(c.oid) THEN 'rows hidden by row level security'
            ELSE 'its rows' END
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (/*schemas*/)
   AND (CASE WHEN c.relkind = 'S' THEN NOT has_sequence_privilege(c.oid, 'SELECT')
             ELSE NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')) OR row_security_active(c.oid) END)
 ORDER BY 1 LIMIT 20
