-- trap: rows that live mostly outside their table, all storage kinds, a wide table of 300 columns
-- why: ranges of pages say little about bytes; one row may be bigger than a buffer
CREATE SCHEMA t_wide;
CREATE TABLE t_wide.t (id int PRIMARY KEY, plain text, ext text, main text);
ALTER TABLE t_wide.t ALTER ext SET STORAGE EXTERNAL, ALTER main SET STORAGE MAIN;
INSERT INTO t_wide.t SELECT g, repeat(md5(g::text), 400), repeat(md5(g::text), 4000), repeat('m', 5000) FROM generate_series(1, 30) g;
DO $$ BEGIN EXECUTE 'CREATE TABLE t_wide.cols (' || (SELECT string_agg('c' || g || ' int DEFAULT ' || g, ', ') FROM generate_series(1, 300) g) || ')'; END $$;
INSERT INTO t_wide.cols DEFAULT VALUES;
-- same: SELECT count(*), sum(hashtext(plain)), sum(hashtext(ext)), sum(length(main)) FROM t_wide.t
-- same: SELECT md5(c::text) FROM t_wide.cols c
