-- Grants in this database to roles that stay behind, on objects that travel. Parameters: the roles; schemas left out.
WITH acls AS (
  SELECT 'table ' || format('%I.%I', n.nspname, c.relname) AS object, c.relacl AS acl, c.oid, 'pg_catalog.pg_class'::regclass AS class, n.nspname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  UNION ALL SELECT 'function ' || format('%I.%I', n.nspname, p.proname), p.proacl, p.oid, 'pg_catalog.pg_proc'::regclass, n.nspname
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  UNION ALL SELECT 'schema ' || quote_ident(n.nspname), n.nspacl, n.oid, 'pg_catalog.pg_namespace'::regclass, n.nspname FROM pg_catalog.pg_namespace n
)
SELECT r.rolname, count(DISTINCT a.object), min(a.object)
  FROM acls a
 CROSS JOIN LATERAL aclexplode(a.acl) x
  JOIN pg_catalog.pg_roles r ON r.oid = x.grantee AND r.rolname = ANY (?)
 WHERE a.nspname !~ '^pg_' AND a.nspname <> 'information_schema' AND a.nspname <> ALL (?)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = a.class AND d.objid = a.oid AND d.deptype = 'e')
 GROUP BY r.rolname ORDER BY r.rolname
