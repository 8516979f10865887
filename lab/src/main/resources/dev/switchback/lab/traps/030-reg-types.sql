-- trap: columns of regclass and other reg types
-- why: in binary they are numbers of the source's catalog, which mean something else on the target
CREATE SCHEMA t_reg;
CREATE TABLE t_reg.here (a int);
CREATE FUNCTION t_reg.fn(int) RETURNS int LANGUAGE sql AS $$ SELECT $1 $$;
CREATE TYPE t_reg.ty AS (a int);
CREATE TABLE t_reg.t (id int PRIMARY KEY, c regclass, ty regtype, f regprocedure, n regnamespace, r regrole, arr regclass[]);
INSERT INTO t_reg.t VALUES (1, 't_reg.here', 't_reg.ty', 't_reg.fn(int)', 't_reg', 'trap_owner', '{t_reg.here,pg_class}');
-- same: SELECT id, c::text, ty::text, f::text, n::text, r::text, arr::text FROM t_reg.t
