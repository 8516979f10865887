-- How the applications' sessions are protected now. Ours, the operators' and background workers are left out.
-- Parameters: the databases; roles that are not the applications'.
SELECT a.usename, coalesce(nullif(a.application_name, ''), 'unnamed'), coalesce(s.version, 'plain'), count(*)
  FROM pg_catalog.pg_stat_activity a
  JOIN pg_catalog.pg_stat_ssl s ON s.pid = a.pid
 WHERE a.backend_type = 'client backend' AND a.datname = ANY (?) AND a.client_addr IS NOT NULL
   AND a.usename <> ALL (?) AND a.application_name !~ '^switchback/'
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
