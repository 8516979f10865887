-- What we may have left in one database. Readable by any role that may connect.
SELECT 'schema' AS kind, nspname::text AS name FROM pg_catalog.pg_namespace WHERE nspname = 'switchback'
UNION ALL
SELECT 'table', 'switchback.' || c.relname FROM pg_catalog.pg_class c
WHERE c.relnamespace = to_regnamespace('switchback') AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
UNION ALL
SELECT 'function', p.oid::regprocedure::text FROM pg_catalog.pg_proc p
WHERE p.pronamespace = to_regnamespace('switchback')
UNION ALL
SELECT 'event trigger', evtname FROM pg_catalog.pg_event_trigger WHERE starts_with(evtname, 'switchback')
UNION ALL
SELECT 'trigger', t.tgname || ' on ' || t.tgrelid::regclass FROM pg_catalog.pg_trigger t
WHERE starts_with(t.tgname, 'switchback') AND NOT t.tgisinternal
UNION ALL
SELECT 'publication', pubname FROM pg_catalog.pg_publication WHERE starts_with(pubname, 'switchback_')
UNION ALL
SELECT 'comment', classoid::regclass || ' ' || objoid FROM pg_catalog.pg_description
WHERE starts_with(description, 'switchback.dev/')
UNION ALL
SELECT 'label', objname FROM pg_catalog.pg_seclabels
WHERE starts_with(provider, 'switchback') AND objtype NOT IN ('database', 'role', 'tablespace', 'subscription')
ORDER BY 1, 2
