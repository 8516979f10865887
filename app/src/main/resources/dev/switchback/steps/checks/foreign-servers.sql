-- Foreign servers: the target must reach them too.
SELECT s.srvname,
       'foreign server of ' || w.fdwname || ' with '
         || (SELECT count(*) FROM pg_catalog.pg_foreign_table t WHERE t.ftserver = s.oid) || ' foreign table(s)'
         || coalesce(', options ' || (SELECT string_agg(o.option_name || '=' || o.option_value, ' ')
                                        FROM pg_catalog.pg_options_to_table(s.srvoptions) o
                                       WHERE o.option_name IN ('host', 'port', 'dbname')), '')
  FROM pg_catalog.pg_foreign_server s
  JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
 ORDER BY 1
