-- trap: inherited tables
-- why: without ONLY a parent's rows hold the children's too
CREATE SCHEMA t_inh;
CREATE TABLE t_inh.parent (id int, a text);
CREATE TABLE t_inh.child (b int) INHERITS (t_inh.parent);
CREATE TABLE t_inh.grandchild (c int DEFAULT 5) INHERITS (t_inh.child);
INSERT INTO t_inh.parent VALUES (1, 'p');
INSERT INTO t_inh.child VALUES (2, 'c', 22);
INSERT INTO t_inh.grandchild VALUES (3, 'g', 33, 44);
-- same: SELECT tableoid::regclass::text, id, a FROM t_inh.parent ORDER BY id
