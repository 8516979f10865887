-- Unique indexes that enforce something now, those most likely to have broken first: over text in a real collation,
-- then small before big. Deferrable ones too: after a commit they hold.
SELECT n.nspname, t.relname, c.relname,
       ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k::int, true)
                      || CASE WHEN i.indcollation[k - 1] = 0 THEN ''
                              WHEN (SELECT NOT collisdeterministic FROM pg_catalog.pg_collation WHERE oid = i.indcollation[k - 1]) THEN ''
                              ELSE ' COLLATE pg_catalog."C"' END
               FROM generate_series(1, i.indnkeyatts) k ORDER BY k),
       coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), ''),
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
       pg_catalog.pg_table_size(t.oid),
       EXISTS (SELECT FROM unnest(i.indcollation::oid[]) x(coll) JOIN pg_catalog.pg_collation co ON co.oid = x.coll
                WHERE co.collname NOT IN ('C', 'POSIX', 'ucs_basic')) AS text_order
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
  JOIN pg_catalog.pg_class t ON t.oid = i.indrelid AND t.relkind IN ('r', 'm') AND t.relpersistence <> 't'
  JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
 WHERE i.indisunique AND i.indisvalid AND t.relispopulated
   AND n.nspname !~ '^pg_' AND n.nspname <> ALL (/*schemas*/)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e')
 ORDER BY text_order DESC, pg_catalog.pg_table_size(t.oid), n.nspname, c.relname
