-- trap: bit, money, xml, json, jsonb, tsvector, inet, uuid, numeric with scale, NaN and infinities, "char", char(n), bytea, geometry
-- why: each has a corner in which text, binary or a hash says too much or too little
CREATE SCHEMA t_plain;
CREATE TABLE t_plain.t (
  id int PRIMARY KEY, b bit(5), vb varbit, j json, jb jsonb, v tsvector, q tsquery, ip inet, net cidr, mac macaddr, u uuid,
  n numeric, ns numeric(20,4), f4 float4, f8 float8, c "char", bc char(5), vc varchar(5), by bytea, p point, po polygon, ci circle, pa path, na name, o oid, t time, tt timetz, ls pg_lsn);
INSERT INTO t_plain.t VALUES
  (1, B'10101', B'1', '{"a": 1.0,  "a":2}', '{"a": 1.0, "b": 1.10}', 'fat:1A cat:2,3', 'fat & !cat', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03',
   'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 1.00, 1.5, '-0', '-0', E'\x01', 'ab', 'ab   ', '\x00ff5c27', '(1,2)', '((0,0),(1,1),(1,0))', '<(0,0),1.5>', '[(0,0),(1,1)]', 'a name', 4294967295, '23:59:60', '12:00:00+05:30', '16/B374D848'),
  (2, NULL, B'', 'null', 'null', '', '', '::1', '::/0', NULL, NULL, 'NaN', 'NaN', 'NaN', 'Infinity', '', '', '', '', NULL, NULL, NULL, NULL, '', 0, '00:00', '00:00:00-15', '0/0'),
  (3, B'00000', NULL, '[]', '""', NULL, NULL, NULL, NULL, NULL, NULL, 1e400, -0.0001, 1.17549435e-38, 4.9e-324, 'Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
-- same: SELECT id, b, vb, j::text, jb, v::text, q::text, ip, net, mac, u, n::text, ns::text, float4send(f4)::text, float8send(f8)::text, charsend(c)::text, bc || '|', vc || '|', encode(by, 'hex'), p::text, po::text, ci::text, pa::text, na, o, t, tt, ls FROM t_plain.t ORDER BY id
