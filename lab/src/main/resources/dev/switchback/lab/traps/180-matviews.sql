-- trap: materialized views that depend on each other, one of them never filled, with indexes
-- why: refreshed in the wrong order they are empty or fail
CREATE SCHEMA t_mv;
CREATE TABLE t_mv.base (id int PRIMARY KEY, n int);
INSERT INTO t_mv.base SELECT g, g % 4 FROM generate_series(1, 40) g;
CREATE MATERIALIZED VIEW t_mv.z_first AS SELECT n, count(*) AS c FROM t_mv.base GROUP BY n;
CREATE MATERIALIZED VIEW t_mv.a_second AS SELECT sum(c) AS s FROM t_mv.z_first;
CREATE VIEW t_mv.between AS SELECT s + 1 AS s FROM t_mv.a_second;
CREATE MATERIALIZED VIEW t_mv.a_third AS SELECT s FROM t_mv.between;
CREATE MATERIALIZED VIEW t_mv.unfilled AS SELECT * FROM t_mv.base WITH NO DATA;
CREATE UNIQUE INDEX ON t_mv.z_first (n);
-- same: SELECT * FROM t_mv.z_first ORDER BY n
-- same: SELECT (SELECT s FROM t_mv.a_second), (SELECT s FROM t_mv.a_third)
-- same: SELECT relname, relispopulated FROM pg_class WHERE relnamespace = 't_mv'::regnamespace AND relkind = 'm' ORDER BY 1
