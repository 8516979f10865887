-- trap: rows of an extension's configuration tables
-- why: the table belongs to the extension, the rows to the user
-- note: Switchback refuses to begin rather than lose them; the test of that refusal is CopyFaultsPgTest's
CREATE SCHEMA t_ext;
CREATE TABLE t_ext.marker (id int);
-- same: SELECT count(*) FROM t_ext.marker
