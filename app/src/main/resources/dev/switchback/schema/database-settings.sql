-- Settings of a database, also those for one role in it: start of the statement, name=value, role or ''. Parameter: its name.
SELECT CASE WHEN s.setrole = 0 THEN 'ALTER DATABASE %1$s'
            ELSE 'ALTER ROLE ' || quote_ident(r.rolname) || ' IN DATABASE %1$s' END, c.setting, coalesce(r.rolname, '')
  FROM pg_db_role_setting s
  JOIN pg_database d ON d.oid = s.setdatabase
  LEFT JOIN pg_roles r ON r.oid = s.setrole
 CROSS JOIN LATERAL unnest(s.setconfig) WITH ORDINALITY AS c(setting, place)
 WHERE d.datname = ? AND (s.setrole = 0 OR r.rolname IS NOT NULL)
 ORDER BY s.setrole, c.place
