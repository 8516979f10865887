-- trap: hstore, citext, ltree and cube
-- why: extension types: their binary form is the extension's business and may change
-- extension: hstore citext ltree cube
CREATE SCHEMA t_contrib;
CREATE EXTENSION IF NOT EXISTS hstore SCHEMA public;
CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
CREATE EXTENSION IF NOT EXISTS ltree SCHEMA public;
CREATE EXTENSION IF NOT EXISTS cube SCHEMA public;
CREATE TABLE t_contrib.t (id int PRIMARY KEY, h public.hstore, c public.citext UNIQUE, l public.ltree, q public.cube, cs public.citext[]);
INSERT INTO t_contrib.t VALUES
  (1, 'a=>1, "b c"=>NULL, "d\"e"=>"x"', 'MiXed', 'Top.Science.Astronomy', '(1,2,3),(4,5,6)', '{A,b}'),
  (2, '', 'other', '', '0', NULL);
CREATE INDEX ON t_contrib.t USING gist (l);
CREATE INDEX ON t_contrib.t USING gin (h);
-- same: SELECT id, h::text, c::text, l::text, q::text, cs::text FROM t_contrib.t ORDER BY id
