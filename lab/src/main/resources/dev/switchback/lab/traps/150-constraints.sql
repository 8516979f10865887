-- trap: deferrable, exclusion, NOT VALID and circular foreign key constraints, and one that references its own table
-- why: each can be created too early, too strict, or validated by accident
-- extension: btree_gist
CREATE SCHEMA t_con;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
CREATE TABLE t_con.a (id int PRIMARY KEY, b_id int, self int REFERENCES t_con.a, u int, UNIQUE (u) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE t_con.b (id int PRIMARY KEY, a_id int REFERENCES t_con.a ON DELETE CASCADE);
ALTER TABLE t_con.a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES t_con.b ON UPDATE SET NULL DEFERRABLE INITIALLY IMMEDIATE;
INSERT INTO t_con.a VALUES (1, NULL, 2, 1), (2, NULL, 1, 2);
INSERT INTO t_con.b VALUES (1, 1), (2, 2);
UPDATE t_con.a SET b_id = id;
CREATE TABLE t_con.late (id int, CONSTRAINT late_pk PRIMARY KEY (id) DEFERRABLE);
INSERT INTO t_con.late VALUES (1);
CREATE TABLE t_con.ex (room int, during int4range, EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0));
INSERT INTO t_con.ex VALUES (1, '[1,5)'), (1, '[5,9)'), (0, '[1,9)'), (0, '[1,9)');
CREATE TABLE t_con.nv (id int, a_id int);
INSERT INTO t_con.nv VALUES (-1, 99);
ALTER TABLE t_con.nv ADD CONSTRAINT nv_check CHECK (id > 0) NOT VALID;
ALTER TABLE t_con.nv ADD CONSTRAINT nv_fk FOREIGN KEY (a_id) REFERENCES t_con.a NOT VALID;
ALTER TABLE t_con.nv ADD CONSTRAINT nv_no_inherit CHECK (id < 100) NO INHERIT;
CREATE INDEX own_name ON t_con.ex (room);
CREATE INDEX promoted ON t_con.ex (during, room);
ALTER TABLE t_con.b REPLICA IDENTITY FULL;
ALTER TABLE t_con.a CLUSTER ON a_pkey;
COMMENT ON CONSTRAINT nv_check ON t_con.nv IS 'not valid, and stays so';
-- same: SELECT conrelid::regclass::text, conname, contype, convalidated, condeferrable, condeferred, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE connamespace = 't_con'::regnamespace AND contype <> 'n' ORDER BY 1, 2
-- same: SELECT * FROM t_con.nv
-- same: SELECT relname, relreplident FROM pg_class WHERE relnamespace = 't_con'::regnamespace AND relkind = 'r' ORDER BY 1
