-- Triggers that fire although session_replication_role is replica, as it is while rows are loaded.
SELECT format('%I.%I', n.nspname, c.relname),
       'trigger ' || t.tgname || ' is ENABLE ' || CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE t.tgenabled IN ('A', 'R') AND NOT t.tgisinternal AND t.tgname !~ '^switchback_'
   AND n.nspname <> ALL (/*schemas*/)
 ORDER BY 1, t.tgname
