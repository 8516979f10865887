-- trap: triggers in every state, rules, event triggers, functions that would fire while loading
-- why: a trigger that fires during the copy writes rows that nobody wrote
CREATE SCHEMA t_trg;
CREATE TABLE t_trg.log (id serial, what text);
CREATE TABLE t_trg.t (id int PRIMARY KEY, a text);
CREATE FUNCTION t_trg.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t_trg.log (what) VALUES (TG_NAME); RETURN NEW; END $$;
CREATE TRIGGER origin AFTER INSERT ON t_trg.t FOR EACH ROW EXECUTE FUNCTION t_trg.note();
CREATE TRIGGER always AFTER INSERT ON t_trg.t FOR EACH ROW EXECUTE FUNCTION t_trg.note();
CREATE TRIGGER replica AFTER INSERT ON t_trg.t FOR EACH ROW EXECUTE FUNCTION t_trg.note();
CREATE TRIGGER off AFTER INSERT ON t_trg.t FOR EACH ROW EXECUTE FUNCTION t_trg.note();
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t_trg.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.id > 100) EXECUTE FUNCTION t_trg.note();
INSERT INTO t_trg.t VALUES (1, 'x'), (2, 'y');
ALTER TABLE t_trg.t ENABLE ALWAYS TRIGGER always, ENABLE REPLICA TRIGGER replica, DISABLE TRIGGER off;
CREATE VIEW t_trg.v AS SELECT * FROM t_trg.t;
CREATE RULE ins AS ON INSERT TO t_trg.v DO INSTEAD INSERT INTO t_trg.t VALUES (NEW.*);
CREATE RULE quiet AS ON DELETE TO t_trg.log DO INSTEAD NOTHING;
CREATE FUNCTION t_trg.ddl() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO t_trg.log (what) VALUES ('ddl ' || TG_TAG); END $$;
CREATE EVENT TRIGGER t_trg_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION t_trg.ddl();
-- same: SELECT id, what FROM t_trg.log ORDER BY id
-- same: SELECT tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 't_trg.t'::regclass AND NOT tgisinternal ORDER BY 1
-- same: SELECT evtname, evtenabled FROM pg_event_trigger WHERE evtname = 't_trg_ddl'
-- same: SELECT rulename, pg_get_ruledef(oid) FROM pg_rewrite WHERE ev_class IN ('t_trg.v'::regclass, 't_trg.log'::regclass) AND rulename <> '_RETURN' ORDER BY 1
