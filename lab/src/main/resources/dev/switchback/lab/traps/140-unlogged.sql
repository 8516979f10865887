-- trap: unlogged tables and storage parameters
-- why: they have rows like others
CREATE SCHEMA t_unlogged;
CREATE UNLOGGED TABLE t_unlogged.t (id int PRIMARY KEY, b text) WITH (fillfactor = 70, autovacuum_enabled = off);
INSERT INTO t_unlogged.t SELECT g, 'r' || g FROM generate_series(1, 10) g;
ALTER TABLE t_unlogged.t ALTER b SET STORAGE EXTERNAL;
ALTER TABLE t_unlogged.t ALTER b SET STATISTICS 500;
CREATE TABLE t_unlogged.plain (id int) WITH (autovacuum_vacuum_scale_factor = 0.01);
-- same: SELECT count(*), sum(id) FROM t_unlogged.t
-- same: SELECT relname, relpersistence, reloptions FROM pg_class WHERE relnamespace = 't_unlogged'::regnamespace AND relkind = 'r' ORDER BY 1
