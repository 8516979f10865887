-- trap: multirange
-- why: a type of its own since 14
-- majors: 14+
CREATE SCHEMA t_multirange;
CREATE TABLE t_multirange.t (id int PRIMARY KEY, m int4multirange);
INSERT INTO t_multirange.t VALUES (1, '{[1,3),[5,9)}'), (2, '{}'), (3, NULL);
-- same: SELECT id, m FROM t_multirange.t ORDER BY id
