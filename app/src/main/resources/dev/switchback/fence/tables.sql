-- Every table an application could write, busiest first: ordinary, partitioned, leaves, unlogged; not temporary, not ours.
SELECT n.nspname, c.relname, t.oid IS NOT NULL AS has_trigger
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND t.tgname = 'switchback_fence' AND NOT t.tgisinternal
WHERE c.relkind IN ('r', 'p')
  AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'switchback')
  -- 62: BEFORE, per statement, INSERT or UPDATE or DELETE or TRUNCATE
  AND NOT coalesce(t.tgenabled = 'A' AND t.tgtype = 62 AND t.tgqual IS NULL AND t.tgattr::text = ''
                   AND t.tgfoid = to_regprocedure('switchback.refuse_write()'), false)
ORDER BY pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid)
         + pg_stat_get_tuples_deleted(c.oid) DESC, c.oid
