-- trap: negative, descending, cycling, never-called, smallint, cached and owned sequences, and one its owner cannot read
-- why: last_value alone does not say whether the next value is it or the one after
CREATE SCHEMA t_seq;
CREATE SEQUENCE t_seq.never;
CREATE SEQUENCE t_seq.once;
SELECT nextval('t_seq.once');
CREATE SEQUENCE t_seq.descending INCREMENT -3 MINVALUE -1000 MAXVALUE -1 START -10;
SELECT nextval('t_seq.descending'), nextval('t_seq.descending');
CREATE SEQUENCE t_seq.cycling MINVALUE 1 MAXVALUE 3 CYCLE;
SELECT nextval('t_seq.cycling') FROM generate_series(1, 5);
CREATE SEQUENCE t_seq.small AS smallint MAXVALUE 32767;
SELECT setval('t_seq.small', 32767, true);
CREATE SEQUENCE t_seq.set_not_called;
SELECT setval('t_seq.set_not_called', 42, false);
CREATE SEQUENCE t_seq.cached CACHE 20;
SELECT nextval('t_seq.cached');
CREATE SEQUENCE t_seq.unreadable;
SELECT setval('t_seq.unreadable', 17);
ALTER SEQUENCE t_seq.unreadable OWNER TO trap_owner;
REVOKE ALL ON t_seq.unreadable FROM trap_owner;
CREATE TABLE t_seq.t (id serial, b bigserial);
INSERT INTO t_seq.t DEFAULT VALUES;
-- same: SELECT 'never', last_value, is_called FROM t_seq.never UNION ALL SELECT 'once', last_value, is_called FROM t_seq.once UNION ALL SELECT 'desc', last_value, is_called FROM t_seq.descending UNION ALL SELECT 'cycling', last_value, is_called FROM t_seq.cycling UNION ALL SELECT 'small', last_value, is_called FROM t_seq.small UNION ALL SELECT 'set', last_value, is_called FROM t_seq.set_not_called UNION ALL SELECT 'cached', last_value, is_called FROM t_seq.cached UNION ALL SELECT 'unreadable', last_value, is_called FROM t_seq.unreadable UNION ALL SELECT 'serial', last_value, is_called FROM t_seq.t_id_seq
-- same: SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle, cache_size FROM pg_sequences WHERE schemaname = 't_seq' ORDER BY 1
