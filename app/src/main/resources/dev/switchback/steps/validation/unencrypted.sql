-- Sessions of applications in the session's database: name, role, whether TLS is in use, how many. Not ours, no
-- superusers, nothing local.
SELECT coalesce(nullif(a.application_name, ''), '(unnamed)'), a.usename, coalesce(s.ssl, false), count(*)
  FROM pg_stat_activity a LEFT JOIN pg_stat_ssl s ON s.pid = a.pid JOIN pg_roles r ON r.oid = a.usesysid
 WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.client_addr IS NOT NULL
   AND NOT r.rolsuper AND a.application_name NOT LIKE 'switchback/%'
 GROUP BY 1, 2, 3 ORDER BY 1, 2
