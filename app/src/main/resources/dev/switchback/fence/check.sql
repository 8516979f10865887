-- One row: is the fence of this database whole? Run by the session that holds the large-object locks.
WITH unfenced AS (
  SELECT n.nspname || '.' || c.relname AS name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND t.tgname = 'switchback_fence' AND NOT t.tgisinternal
  WHERE c.relkind IN ('r', 'p')
    AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'switchback')
    AND NOT coalesce(t.tgenabled = 'A' AND t.tgtype = 62 AND t.tgqual IS NULL AND t.tgattr::text = ''
                     AND t.tgfoid = to_regprocedure('switchback.refuse_write()'), false)
)
SELECT
  (SELECT count(*) FROM pg_catalog.pg_event_trigger e
   WHERE e.evtname = 'switchback_fence_ddl' AND e.evtenabled = 'A' AND e.evtevent = 'ddl_command_start'
     AND e.evttags IS NULL AND e.evtfoid = to_regprocedure('switchback.refuse_ddl()')) AS ddl_triggers,
  (SELECT count(*) FROM unfenced) AS unfenced,
  (SELECT min(name) FROM unfenced) AS example,
  (SELECT count(*) FROM pg_catalog.pg_proc p
   WHERE p.oid IN (to_regprocedure('switchback.refuse_write()'), to_regprocedure('switchback.refuse_ddl()'))
     AND p.prosrc LIKE '%RAISE EXCEPTION USING ERRCODE = ''25006''%') AS functions,
  (SELECT count(DISTINCT l.relation) FROM pg_catalog.pg_locks l
   WHERE l.pid = pg_backend_pid() AND l.granted AND l.mode = 'ShareLock'
     AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
     AND l.relation IN ('pg_catalog.pg_largeobject'::regclass,
                        'pg_catalog.pg_largeobject_metadata'::regclass)) AS held
