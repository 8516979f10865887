-- Statements that give large objects their owner, grants and comment. Parameters: OIDs, roles left out.
WITH chosen AS (SELECT m.* FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = ANY (?))
SELECT statement
  FROM (SELECT s.oid, 1 AS place, format('ALTER LARGE OBJECT %s OWNER TO %I', s.oid, r.rolname) AS statement
          FROM chosen s JOIN pg_catalog.pg_roles r ON r.oid = s.lomowner
        UNION ALL
        SELECT s.oid, 2, format('GRANT %s ON LARGE OBJECT %s TO %s%s', x.privilege_type, s.oid,
                                CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END,
                                CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
          FROM chosen s CROSS JOIN LATERAL aclexplode(s.lomacl) x LEFT JOIN pg_catalog.pg_roles r ON r.oid = x.grantee
         WHERE (x.grantee = 0 OR r.rolname <> ALL (?)) AND x.grantee <> s.lomowner
        UNION ALL
        SELECT s.oid, 3, format('COMMENT ON LARGE OBJECT %s IS %L', s.oid, obj_description(s.oid, 'pg_largeobject'))
          FROM chosen s WHERE obj_description(s.oid, 'pg_largeobject') IS NOT NULL) statements
 ORDER BY oid, place
