-- trap: owner with FORCE ROW LEVEL SECURITY
-- why: a copy as the owner sees half of the rows and no error
CREATE SCHEMA t_rls;
CREATE TABLE t_rls.t (id int PRIMARY KEY, tenant int);
INSERT INTO t_rls.t SELECT g, g % 2 FROM generate_series(1, 10) g;
ALTER TABLE t_rls.t OWNER TO trap_owner;
GRANT USAGE ON SCHEMA t_rls TO trap_owner;
ALTER TABLE t_rls.t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t_rls.t FORCE ROW LEVEL SECURITY;
CREATE POLICY half ON t_rls.t AS RESTRICTIVE FOR ALL TO trap_owner, PUBLIC USING (tenant = 1) WITH CHECK (tenant = 1);
CREATE POLICY open ON t_rls.t FOR SELECT USING (true);
-- same: SELECT count(*), sum(id) FROM t_rls.t
-- same: SELECT polname, polcmd, polpermissive, polroles::regrole[]::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy WHERE polrelid = 't_rls.t'::regclass ORDER BY 1
-- same: SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = 't_rls.t'::regclass
