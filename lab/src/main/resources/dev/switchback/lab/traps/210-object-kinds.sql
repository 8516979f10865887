-- trap: extended statistics, collations (ICU, nondeterministic), text search configurations, casts, operators, operator classes, aggregates, conversions, foreign servers
-- why: rare kinds are the ones a home-made copy forgets
-- extension: postgres_fdw
-- feature: icu
CREATE SCHEMA t_kinds;
CREATE EXTENSION IF NOT EXISTS postgres_fdw SCHEMA public;
CREATE TABLE t_kinds.t (a int, b int, c text);
INSERT INTO t_kinds.t SELECT g % 10, g % 20, 'T' || g FROM generate_series(1, 200) g;
CREATE STATISTICS t_kinds.st (ndistinct, dependencies, mcv) ON a, b FROM t_kinds.t;
CREATE COLLATION t_kinds.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION t_kinds.de (provider = icu, locale = 'de-u-co-phonebk');
CREATE TABLE t_kinds.folded (w text COLLATE t_kinds.ci PRIMARY KEY, x text COLLATE t_kinds.de);
INSERT INTO t_kinds.folded VALUES ('Abc', 'ä'), ('abd', 'z');
CREATE TEXT SEARCH CONFIGURATION t_kinds.cfg (COPY = pg_catalog.english);
CREATE TEXT SEARCH DICTIONARY t_kinds.dict (TEMPLATE = pg_catalog.simple, STOPWORDS = english);
ALTER TEXT SEARCH CONFIGURATION t_kinds.cfg ALTER MAPPING FOR asciiword WITH t_kinds.dict;
CREATE TYPE t_kinds.num AS (v int);
CREATE FUNCTION t_kinds.num_int(t_kinds.num) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).v $$;
CREATE CAST (t_kinds.num AS int) WITH FUNCTION t_kinds.num_int(t_kinds.num) AS ASSIGNMENT;
CREATE FUNCTION t_kinds.num_lt(t_kinds.num, t_kinds.num) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).v < ($2).v $$;
CREATE OPERATOR t_kinds.<<< (LEFTARG = t_kinds.num, RIGHTARG = t_kinds.num, FUNCTION = t_kinds.num_lt);
CREATE AGGREGATE t_kinds.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = SAFE);
CREATE PROCEDURE t_kinds.proc(a int) LANGUAGE plpgsql AS $$ BEGIN PERFORM a; END $$;
CREATE SERVER t_kinds_server FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', dbname 'none');
CREATE USER MAPPING FOR trap_owner SERVER t_kinds_server OPTIONS (user 'u');
CREATE FOREIGN TABLE t_kinds.far (a int, b text) SERVER t_kinds_server OPTIONS (table_name 'x');
-- same: SELECT stxname, stxkind::text FROM pg_statistic_ext ORDER BY 1
-- same: SELECT collname, collprovider, collisdeterministic FROM pg_collation WHERE collnamespace = 't_kinds'::regnamespace ORDER BY 1
-- same: SELECT count(*) FROM t_kinds.folded WHERE w = 'ABC'
-- same: SELECT to_tsvector('t_kinds.cfg', 'The quick brown foxes')::text
-- same: SELECT t_kinds.total(a) FROM t_kinds.t
-- same: SELECT srvname, (SELECT array_agg(o ORDER BY o) FROM unnest(srvoptions) o)::text FROM pg_foreign_server ORDER BY 1
-- same: SELECT relname, relkind FROM pg_class WHERE relnamespace = 't_kinds'::regnamespace ORDER BY 1
