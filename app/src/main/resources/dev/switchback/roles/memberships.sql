-- One row per group and member, the options of several grantors united; options.* are filled in by major.
SELECT g.rolname AS granted, m.rolname AS member, bool_or(a.admin_option) AS admin,
       bool_or(/*inherit*/) AS inherit, bool_or(/*set*/) AS set
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles g ON g.oid = a.roleid
JOIN pg_catalog.pg_roles m ON m.oid = a.member
WHERE m.rolname !~ '^pg_'
GROUP BY 1, 2
ORDER BY 1, 2
