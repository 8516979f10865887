-- GRANT statements for recorded grants on the large-object functions that are not there now; the owner's grants first.
SELECT CASE WHEN r.grantor = pg_get_userbyid(p.proowner) THEN '' ELSE 'SET LOCAL ROLE ' || quote_ident(r.grantor) || '; ' END
       || 'GRANT EXECUTE ON FUNCTION ' || r.function || ' TO '
       || CASE WHEN r.grantee = '' THEN 'PUBLIC' ELSE quote_ident(r.grantee) END
       || CASE WHEN r.grantable THEN ' WITH GRANT OPTION' ELSE '' END
       || CASE WHEN r.grantor = pg_get_userbyid(p.proowner) THEN '' ELSE '; RESET ROLE' END
FROM (SELECT e->>0 AS function, e->>1 AS grantor, e->>2 AS grantee, (e->>3)::boolean AS grantable, position
      FROM json_array_elements(?::json) WITH ORDINALITY AS t(e, position)) r
JOIN pg_catalog.pg_proc p ON p.oid = to_regprocedure(r.function)
WHERE (r.grantee = '' OR EXISTS (SELECT FROM pg_catalog.pg_roles o WHERE o.rolname = r.grantee))
  AND EXISTS (SELECT FROM pg_catalog.pg_roles o WHERE o.rolname = r.grantor)
  AND NOT EXISTS (
    SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE pg_get_userbyid(a.grantor) = r.grantor AND a.is_grantable = r.grantable
      AND CASE WHEN a.grantee = 0 THEN '' ELSE pg_get_userbyid(a.grantee) END = r.grantee)
ORDER BY r.position
