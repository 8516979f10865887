-- Configuration tables of extensions, with the condition that tells the user's rows. Parameter: extensions left out.
SELECT x.extname, n.nspname, c.relname, coalesce(x.extcondition[k.place], '')
  FROM pg_catalog.pg_extension x
 CROSS JOIN LATERAL unnest(x.extconfig) WITH ORDINALITY AS k(relation, place)
  JOIN pg_catalog.pg_class c ON c.oid = k.relation AND c.relkind = 'r'
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE x.extname <> ALL (?)
 ORDER BY x.extname, n.nspname, c.relname
