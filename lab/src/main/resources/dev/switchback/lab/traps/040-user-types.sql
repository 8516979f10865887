-- trap: enum (labels not in creation order), domain, composite, array of enum, range and multirange of our own
-- why: their binary form holds numbers or nested types that differ between clusters
CREATE SCHEMA t_types;
CREATE TYPE t_types.mood AS ENUM ('sad', 'ok');
ALTER TYPE t_types.mood ADD VALUE 'meh' BEFORE 'ok';
ALTER TYPE t_types.mood ADD VALUE 'glad' AFTER 'ok';
-- then
CREATE DOMAIN t_types.positive AS int CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE TYPE t_types.pair AS (a t_types.positive, b text, m t_types.mood);
CREATE TYPE t_types.floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TABLE t_types.t (
  id int PRIMARY KEY, m t_types.mood, ms t_types.mood[], p t_types.positive, c t_types.pair, cs t_types.pair[],
  r t_types.floatrange, ir int4range, tr tstzrange);
INSERT INTO t_types.t VALUES
  (1, 'meh', '{glad,sad,NULL}', 7, ROW(1, 'x,"y"', 'ok'), ARRAY[ROW(2, NULL, 'sad')::t_types.pair, NULL], '[1.5,2.5)', '[1,5)', '[2024-01-01 00:00+00,)'),
  (2, NULL, '{}', NULL, NULL, NULL, 'empty', '(,)', NULL);
CREATE INDEX ON t_types.t USING gist (r);
-- same: SELECT id, m, ms, p, c, cs, r, ir, extract(epoch FROM lower(tr))::bigint FROM t_types.t ORDER BY m
