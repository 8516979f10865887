-- trap: table without columns that has rows
-- why: its rows are nothing but their number
CREATE SCHEMA t_zero;
CREATE TABLE t_zero.t ();
INSERT INTO t_zero.t DEFAULT VALUES;
INSERT INTO t_zero.t DEFAULT VALUES;
INSERT INTO t_zero.t DEFAULT VALUES;
-- same: SELECT count(*) FROM t_zero.t
