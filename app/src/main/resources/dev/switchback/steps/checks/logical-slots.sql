-- Others that read the changes of these databases.
SELECT slot_name, 'logical slot (' || plugin || ') of database ' || database
                    || CASE WHEN active THEN ', its reader is connected' ELSE ', no reader is connected' END
  FROM pg_catalog.pg_replication_slots
 WHERE slot_type = 'logical' AND NOT temporary AND database = ANY (/*databases*/) AND slot_name !~ '^switchback_'
 ORDER BY 1
