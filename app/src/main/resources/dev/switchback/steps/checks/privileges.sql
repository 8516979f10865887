-- What the steps need on the source beyond being told: true where the role has it.
SELECT 'read password verifiers (pg_authid)', has_table_privilege('pg_catalog.pg_authid', 'SELECT')
UNION ALL SELECT 'end other sessions (pg_terminate_backend)',
       has_function_privilege('pg_catalog.pg_terminate_backend(' || CASE WHEN current_setting('server_version_num')::int >= 140000 THEN 'int, bigint' ELSE 'int' END || ')', 'EXECUTE')
       AND (SELECT rolsuper OR pg_has_role(current_user, 'pg_signal_backend', 'USAGE') FROM pg_catalog.pg_roles WHERE rolname = current_user)
UNION ALL SELECT 'see every session''s state (pg_read_all_stats)', pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
UNION ALL SELECT 'see every setting (pg_read_all_settings)', pg_has_role(current_user, 'pg_read_all_settings', 'USAGE')
UNION ALL SELECT 'export snapshots (pg_export_snapshot)', has_function_privilege('pg_catalog.pg_export_snapshot()', 'EXECUTE')
UNION ALL SELECT 'tell clusters apart (pg_control_system)', has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
UNION ALL SELECT 'read rows under row level security (BYPASSRLS)',
       (SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user)
UNION ALL SELECT 'fence with event triggers and settings (SUPERUSER)',
       (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
