-- Logins whose password has a date. Parameter: names.
SELECT rolname, rolvaliduntil::text, rolvaliduntil < now(), rolvaliduntil < now() + interval '14 days'
  FROM pg_catalog.pg_roles
 WHERE rolcanlogin AND rolvaliduntil IS NOT NULL AND rolvaliduntil <> 'infinity' AND rolname = ANY (?)
 ORDER BY rolname
