-- ALTER ROLE and ALTER DATABASE ... SET, for the given databases and for all.
SELECT coalesce(r.rolname, '') AS role, coalesce(d.datname, '') AS database,
       split_part(c.setting, '=', 1) AS name,
       substr(c.setting, strpos(c.setting, '=') + 1) AS value
FROM pg_catalog.pg_db_role_setting s
LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase,
LATERAL unnest(s.setconfig) WITH ORDINALITY AS c(setting, position)
WHERE (s.setrole = 0 OR r.rolname IS NOT NULL)
  AND (s.setdatabase = 0 OR d.datname = ANY (?))
  AND NOT (s.setrole = 0 AND s.setdatabase = 0)
ORDER BY 1, 2, c.position
