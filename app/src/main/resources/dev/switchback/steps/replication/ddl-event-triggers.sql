-- Event triggers that run when identities are set, publications and subscriptions made and dropped.
SELECT v.evtname, 'event trigger on ' || v.evtevent || ' runs ' || v.evtfoid::regproc || ', also for the statements that make the link',
       format('try it: BEGIN; CREATE PUBLICATION switchback_try; ROLLBACK; where it refuses, ALTER EVENT TRIGGER %I DISABLE until the migration is over', v.evtname)
  FROM given, pg_catalog.pg_event_trigger v
 WHERE v.evtname !~ '^switchback_' AND v.evtenabled IN ('O', 'A')
   AND v.evtevent IN ('ddl_command_start', 'ddl_command_end', 'sql_drop')
   AND (v.evttags IS NULL
        OR v.evttags && ARRAY['CREATE PUBLICATION', 'ALTER PUBLICATION', 'DROP PUBLICATION', 'CREATE SUBSCRIPTION',
                              'ALTER SUBSCRIPTION', 'DROP SUBSCRIPTION', 'ALTER TABLE'])
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_event_trigger'::regclass AND d.objid = v.oid AND d.deptype = 'e')
 ORDER BY 1
