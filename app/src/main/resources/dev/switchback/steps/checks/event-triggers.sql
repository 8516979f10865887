-- Event triggers run inside whoever's DDL, ours included.
SELECT evtname, 'event trigger on ' || evtevent || ' runs ' || evtfoid::regproc
  FROM pg_catalog.pg_event_trigger
 WHERE evtname !~ '^switchback_' AND evtenabled <> 'D'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_event_trigger'::regclass AND d.objid = pg_event_trigger.oid AND d.deptype = 'e')
 ORDER BY 1
