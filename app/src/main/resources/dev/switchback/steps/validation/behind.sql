-- For each sequence that a column owns: schema, name, increment, cache, table, and a query that says the furthest
-- value in the column. Only columns of whole numbers that take the sequence's value as it is: an identity, or a
-- default that is nextval and nothing else (Mastodon's ids hold a time beside it). Parameter: schemas left out.
SELECT sn.nspname, sc.relname, s.seqincrement, s.seqcache, tn.nspname, tc.relname, s.seqcycle,
       format('SELECT %s(%I)::bigint FROM %I.%I', CASE WHEN s.seqincrement > 0 THEN 'max' ELSE 'min' END, a.attname, tn.nspname, tc.relname)
  FROM pg_depend d
  JOIN pg_sequence s ON s.seqrelid = d.objid
  JOIN pg_class sc ON sc.oid = s.seqrelid JOIN pg_namespace sn ON sn.oid = sc.relnamespace
  JOIN pg_class tc ON tc.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = tc.relnamespace
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
   AND (d.deptype = 'i' OR EXISTS (SELECT FROM pg_attrdef f WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum
                                      AND pg_get_expr(f.adbin, f.adrelid) LIKE 'nextval(%::regclass)'))
   AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) AND sn.nspname <> ALL (?)
 ORDER BY 1, 2
