-- trap: invalid index
-- why: it enforces nothing; the copy must build it valid or say that it cannot
CREATE SCHEMA t_inv;
CREATE TABLE t_inv.t (a int, b int);
INSERT INTO t_inv.t SELECT g, g FROM generate_series(1, 20) g;
CREATE INDEX broken ON t_inv.t (a);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_inv.broken'::regclass;
-- same: SELECT count(*), sum(a) FROM t_inv.t
