-- trap: large objects with foreign owners, grants and comments, and columns that point to them
-- why: their owner and grants are no part of a table; the numbers must stay
CREATE SCHEMA t_lo;
CREATE TABLE t_lo.t (id int PRIMARY KEY, file oid);
SELECT lo_from_bytea(77001, '\xdeadbeef'), lo_from_bytea(77002, decode(repeat('ab', 300000), 'hex')), lo_from_bytea(77003, '');
INSERT INTO t_lo.t VALUES (1, 77001), (2, 77002), (3, 77003);
ALTER LARGE OBJECT 77001 OWNER TO trap_owner;
GRANT SELECT ON LARGE OBJECT 77001 TO trap_reader;
COMMENT ON LARGE OBJECT 77002 IS 'big';
-- same: SELECT t.id, md5(lo_get(file)), length(lo_get(file)), m.lomowner::regrole::text, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(m.lomacl) a)::text, obj_description(m.oid, 'pg_largeobject') FROM t_lo.t t JOIN pg_largeobject_metadata m ON m.oid = t.file WHERE m.lomowner::regrole::text = 'trap_owner' OR m.lomacl IS NULL ORDER BY 1
