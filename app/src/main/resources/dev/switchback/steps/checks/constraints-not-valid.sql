-- Constraints that were never checked against the rows that were there before them.
SELECT format('%I.%I', n.nspname, c.relname),
       'constraint ' || x.conname || ' is NOT VALID: ' || pg_catalog.pg_get_constraintdef(x.oid)
  FROM pg_catalog.pg_constraint x
  JOIN pg_catalog.pg_class c ON c.oid = x.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT x.convalidated AND n.nspname !~ '^pg_' AND n.nspname <> ALL (/*schemas*/)
 ORDER BY 1, x.conname
