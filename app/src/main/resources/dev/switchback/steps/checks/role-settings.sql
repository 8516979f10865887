-- ALTER DATABASE, ALTER ROLE and ALTER ROLE … IN DATABASE, in the order in which they win.
SELECT coalesce(d.datname, ''), coalesce(r.rolname, ''), lower(split_part(x.pair, '=', 1)), substr(x.pair, strpos(x.pair, '=') + 1)
  FROM pg_catalog.pg_db_role_setting s
  LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
 CROSS JOIN LATERAL unnest(s.setconfig) x(pair)
 ORDER BY (s.setrole <> 0)::int * 2 + (s.setdatabase <> 0)::int
