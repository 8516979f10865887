-- trap: empty string beside NULL, backslashes, line ends, the end-of-data mark and tabs in text
-- why: text COPY gives each of them a meaning
CREATE SCHEMA t_text;
CREATE TABLE t_text.t (id int, s text);
INSERT INTO t_text.t VALUES (1, ''), (2, NULL), (3, E'\\N'), (4, E'\\.'), (5, E'a\tb\nc\rd\\e\be\f\v'), (6, E'\\x41'), (7, E'\u00e9\u65e5\U0001F418'), (8, 'NULL'), (9, E'\\.\n\\.'), (10, repeat('x', 3000000));
-- same: SELECT id, s IS NULL, md5(s), length(s) FROM t_text.t ORDER BY id
