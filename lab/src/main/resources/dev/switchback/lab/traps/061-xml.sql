-- trap: xml
-- why: its input depends on xmloption, and it has no equality
-- feature: xml
CREATE SCHEMA t_xml;
CREATE TABLE t_xml.t (id int PRIMARY KEY, x xml);
INSERT INTO t_xml.t VALUES (1, '<a b="c">text &amp; more</a>'), (2, 'only <b>content</b>, no document'), (3, NULL);
-- same: SELECT id, x::text FROM t_xml.t ORDER BY id
