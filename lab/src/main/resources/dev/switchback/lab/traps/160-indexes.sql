-- trap: expression, partial, covering, GIN, GiST, SP-GiST, BRIN and hash indexes, operator classes, sort order, statistics targets
-- why: an index that is built differently plans differently
-- extension: pg_trgm
CREATE SCHEMA t_idx;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE TABLE t_idx.t (id int PRIMARY KEY, a text, j jsonb, p point, at timestamptz, n int);
INSERT INTO t_idx.t SELECT g, 'name ' || g, jsonb_build_object('k', g), point(g, g), '2024-01-01 00:00+00'::timestamptz + g * interval '1 hour', g % 3 FROM generate_series(1, 500) g;
CREATE INDEX e ON t_idx.t (lower(a), (n + 1));
CREATE UNIQUE INDEX part ON t_idx.t (id) WHERE n = 1;
CREATE INDEX cov ON t_idx.t (n DESC NULLS LAST, id ASC NULLS FIRST) INCLUDE (a);
CREATE INDEX gin ON t_idx.t USING gin (j jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX trgm ON t_idx.t USING gin (a public.gin_trgm_ops);
CREATE INDEX gist ON t_idx.t USING gist (p);
CREATE INDEX spg ON t_idx.t USING spgist (p);
CREATE INDEX brin ON t_idx.t USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX hash ON t_idx.t USING hash (a);
CREATE INDEX pattern ON t_idx.t (a text_pattern_ops);
CREATE INDEX collated ON t_idx.t (a COLLATE "C");
ALTER INDEX t_idx.e ALTER COLUMN 2 SET STATISTICS 300;
COMMENT ON INDEX t_idx.e IS 'an index with a comment';
-- same: SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid, obj_description(indexrelid, 'pg_class') FROM pg_index WHERE indrelid = 't_idx.t'::regclass ORDER BY 1
-- same: SELECT count(*) FROM t_idx.t WHERE a LIKE 'name 1%'
