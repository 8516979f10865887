-- What the fence is about to change, as one row.
SELECT
  -- 'default' when the database has no setting of its own
  coalesce((SELECT split_part(setting, '=', 2)
            FROM pg_catalog.pg_db_role_setting s
            JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase AND d.datname = current_database(),
            unnest(s.setconfig) AS setting
            WHERE s.setrole = 0 AND setting LIKE 'default\_transaction\_read\_only=%'), 'default') AS read_only,
  CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = 'switchback')
       THEN 'present' ELSE 'absent' END AS schema,
  (SELECT coalesce(json_agg(json_build_array(p.oid::regprocedure::text, pg_get_userbyid(a.grantor),
                                    CASE WHEN a.grantee = 0 THEN '' ELSE pg_get_userbyid(a.grantee) END, a.is_grantable)
                            ORDER BY p.oid, a.grantor <> p.proowner, a.grantee), '[]')::text
   FROM pg_catalog.pg_proc p
   JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a ON a.grantee <> p.proowner
   WHERE p.pronamespace = 'pg_catalog'::regnamespace
     AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lowrite', 'lo_truncate', 'lo_truncate64',
                       'lo_unlink', 'lo_import')) AS large_object_grants
