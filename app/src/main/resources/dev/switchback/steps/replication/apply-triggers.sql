-- Triggers that fire for rows that an apply worker writes.
SELECT format('%I.%I', n.nspname, c.relname),
       'trigger ' || t.tgname || ' is ENABLE ' || CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END
         || ' and runs ' || t.tgfoid::regproc,
       format(CASE t.tgenabled WHEN 'A' THEN 'ALTER TABLE %I.%I ENABLE TRIGGER %I' ELSE 'ALTER TABLE %I.%I DISABLE TRIGGER %I' END,
              n.nspname, c.relname, t.tgname)
         || ' until the migration is over, or accept it where twice does no harm'
  FROM given, pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE t.tgenabled IN ('A', 'R') AND t.tgname !~ '^switchback_'
   -- on a partitioned table it has a clone on every leaf, and only those fire; before 15 they count as internal
   AND (NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0))
   AND c.relkind = 'r' AND c.relpersistence = 'p'
   -- apply works row by row; of statements' triggers only those for TRUNCATE fire
   AND (t.tgtype & 1 <> 0 OR t.tgtype & 32 <> 0)
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND n.nspname <> ALL (given.schemas)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1, t.tgname
