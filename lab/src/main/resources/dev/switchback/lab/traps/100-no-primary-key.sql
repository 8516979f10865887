-- trap: table without primary key that holds duplicate rows
-- why: a part copied twice, or a comparison by key, cannot tell
CREATE SCHEMA t_nokey;
CREATE TABLE t_nokey.t (a int, b text);
INSERT INTO t_nokey.t SELECT g % 5, CASE WHEN g % 7 = 0 THEN NULL ELSE 'x' END FROM generate_series(1, 100) g;
-- same: SELECT a, b, count(*) FROM t_nokey.t GROUP BY 1, 2 ORDER BY 1, 2
