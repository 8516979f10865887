-- Grants on a database and its comment, with %1$s for its name. Parameter: its name.
WITH d AS (SELECT * FROM pg_database WHERE datname = ?)
SELECT format('GRANT %s ON DATABASE %%1$s TO %s%s', x.privilege_type,
              CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END,
              CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM d
 CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
  LEFT JOIN pg_roles r ON r.oid = x.grantee
 WHERE x.grantee = 0 OR r.rolname IS NOT NULL
 UNION ALL
SELECT format('COMMENT ON DATABASE %%1$s IS %L', shobj_description(d.oid, 'pg_database'))
  FROM d WHERE shobj_description(d.oid, 'pg_database') IS NOT NULL
