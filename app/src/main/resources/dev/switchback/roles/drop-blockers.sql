-- What keeps a role from being dropped, per database.
SELECT coalesce(d.datname, 'the cluster') || ': ' || count(*) || ' objects '
       || CASE WHEN bool_or(s.deptype = 'o') THEN 'owned by it' ELSE 'granted to it' END
FROM pg_catalog.pg_shdepend s
JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid AND r.rolname = ?
LEFT JOIN pg_catalog.pg_database d ON d.oid = s.dbid
WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass
  -- memberships go with the role
  AND s.classid <> 'pg_catalog.pg_auth_members'::regclass
GROUP BY d.datname
ORDER BY 1
