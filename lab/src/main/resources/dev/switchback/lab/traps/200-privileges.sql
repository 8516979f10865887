-- trap: owners, grants with grant option, column grants, default privileges, comments on everything
-- why: nothing fails when they are missing, until somebody is refused or is not
CREATE SCHEMA t_priv AUTHORIZATION trap_owner;
SET ROLE trap_owner;
CREATE TABLE t_priv.t (id int, secret text);
RESET ROLE;
GRANT SELECT (id), UPDATE (secret) ON t_priv.t TO trap_reader;
GRANT SELECT ON t_priv.t TO trap_reader WITH GRANT OPTION;
REVOKE TRUNCATE ON t_priv.t FROM trap_owner;
GRANT USAGE ON SCHEMA t_priv TO trap_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE trap_owner IN SCHEMA t_priv GRANT SELECT ON TABLES TO trap_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE trap_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION t_priv.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;
REVOKE EXECUTE ON FUNCTION t_priv.f() FROM PUBLIC;
COMMENT ON SCHEMA t_priv IS 'schema, with ''quotes''';
COMMENT ON TABLE t_priv.t IS E'two\nlines';
COMMENT ON COLUMN t_priv.t.secret IS 'column';
COMMENT ON FUNCTION t_priv.f() IS 'function';
-- same: SELECT relname, relowner::regrole::text, (SELECT array_agg(replace(a::text, 'xtm', 'xt') ORDER BY a::text) FROM unnest(relacl) a)::text FROM pg_class WHERE relnamespace = 't_priv'::regnamespace AND relkind = 'r' ORDER BY 1
-- same: SELECT attname, attacl::text FROM pg_attribute WHERE attrelid = 't_priv.t'::regclass AND attnum > 0 ORDER BY 1
-- same: SELECT defaclrole::regrole::text, defaclnamespace::regnamespace::text, defaclobjtype, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(defaclacl) a)::text FROM pg_default_acl WHERE defaclrole = 'trap_owner'::regrole ORDER BY 1, 2, 3
-- same: SELECT obj_description('t_priv'::regnamespace, 'pg_namespace'), obj_description('t_priv.t'::regclass, 'pg_class'), col_description('t_priv.t'::regclass, 2), obj_description('t_priv.f()'::regprocedure, 'pg_proc')
