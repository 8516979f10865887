-- What we may have left on a server as a whole, by the beginning of its name. Readable by any role.
SELECT 'role' AS kind, rolname::text AS name FROM pg_catalog.pg_roles WHERE starts_with(rolname, 'switchback_')
UNION ALL
SELECT 'slot', slot_name::text FROM pg_catalog.pg_replication_slots WHERE starts_with(slot_name, 'switchback_')
UNION ALL
SELECT 'subscription', s.subname || ' in ' || d.datname
FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
WHERE starts_with(s.subname, 'switchback_')
UNION ALL
SELECT 'origin', roname FROM pg_catalog.pg_replication_origin WHERE starts_with(roname, 'switchback')
UNION ALL
SELECT 'database', datname FROM pg_catalog.pg_database
WHERE starts_with(datname, 'switchback_proof_') OR starts_with(datname, 'switchback_new_')
UNION ALL
SELECT 'setting', coalesce(d.datname || ': ', '') || coalesce(r.rolname || ': ', '') || setting
FROM pg_catalog.pg_db_role_setting s
LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole,
unnest(s.setconfig) AS setting
WHERE starts_with(setting, 'switchback.')
UNION ALL
SELECT 'comment', classoid::regclass || ' ' || objoid FROM pg_catalog.pg_shdescription
WHERE starts_with(description, 'switchback.dev/')
UNION ALL
SELECT 'label', objname FROM pg_catalog.pg_seclabels
WHERE starts_with(provider, 'switchback') AND objtype IN ('database', 'role', 'tablespace', 'subscription')
ORDER BY 1, 2
