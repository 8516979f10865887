-- Logins with a password that belong to the group of people. Parameters: the group, names.
SELECT m.rolname
  FROM pg_catalog.pg_auth_members a
  JOIN pg_catalog.pg_roles g ON g.oid = a.roleid AND g.rolname = ?
  JOIN pg_catalog.pg_roles m ON m.oid = a.member AND m.rolcanlogin AND m.rolname = ANY (?)
 ORDER BY 1
