-- Functions that write large objects, with everyone but the owner who may call them.
SELECT p.oid::regprocedure::text AS function,
       array_to_string(array_agg(DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC'
                                               ELSE quote_ident(g.rolname) END), ', ') AS grantees
FROM pg_catalog.pg_proc p
JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a ON a.grantee <> p.proowner
LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
WHERE p.pronamespace = 'pg_catalog'::regnamespace
  AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lowrite', 'lo_truncate', 'lo_truncate64',
                    'lo_unlink', 'lo_import')
  AND (a.grantee = 0 OR g.rolname IS NOT NULL)
GROUP BY p.oid
ORDER BY 1
