-- Who is logged in to these databases now. Parameter: the databases.
SELECT usename, count(*), min(coalesce(nullif(application_name, ''), 'unnamed'))
  FROM pg_catalog.pg_stat_activity
 WHERE backend_type = 'client backend' AND client_addr IS NOT NULL AND datname = ANY (?) AND application_name !~ '^switchback/'
 GROUP BY usename ORDER BY usename
