-- trap: numeric infinity
-- why: known since 14 only
-- majors: 14+
CREATE SCHEMA t_numinf;
CREATE TABLE t_numinf.t (id int PRIMARY KEY, n numeric);
INSERT INTO t_numinf.t VALUES (1, 'Infinity'), (2, '-Infinity'), (3, 'NaN'), (4, 0.000), (5, 0);
-- same: SELECT id, n::text FROM t_numinf.t ORDER BY id
