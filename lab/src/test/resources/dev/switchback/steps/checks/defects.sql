-- One of each that the checks of databases look for. Run as superuser in a fresh database.
CREATE TABLE item (id int PRIMARY KEY, name text, kind text COLLATE "C.utf8", "odd ""name" text);
INSERT INTO item SELECT g, 'n' || g, 'k', 'o' || g FROM generate_series(1, 50) g;

CREATE INDEX "unfinished one" ON item (kind);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"unfinished one"'::regclass;
ALTER TABLE item ADD CONSTRAINT item_kind CHECK (kind <> '') NOT VALID;

-- each loses entries while it is not ready
CREATE UNIQUE INDEX by_name ON item (name);
CREATE UNIQUE INDEX by_folded ON item (lower("odd ""name"));
CREATE UNIQUE INDEX by_kind_of_some ON item (kind, name) WHERE id > 100;
CREATE UNIQUE INDEX still_whole ON item (id, name);
CREATE UNIQUE INDEX with_nulls ON item (name, kind) WHERE kind IS NULL;
UPDATE pg_index SET indisready = false
 WHERE indexrelid IN ('by_name'::regclass, 'by_folded'::regclass, 'by_kind_of_some'::regclass);
INSERT INTO item VALUES (101, 'n7', 'k', 'Ä'), (102, 'n7', 'k', 'ä'), (103, NULL, NULL, NULL), (104, NULL, NULL, NULL);
UPDATE pg_index SET indisready = true
 WHERE indexrelid IN ('by_name'::regclass, 'by_folded'::regclass, 'by_kind_of_some'::regclass);

CREATE SCHEMA metric_helpers;
CREATE TABLE metric_helpers.ours_now (id serial PRIMARY KEY);
CREATE FUNCTION metric_helpers.bloat() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW reads_spilo AS SELECT metric_helpers.bloat() AS bloat;
CREATE TABLE defaults_spilo (n int DEFAULT metric_helpers.bloat());

CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER archive FOREIGN DATA WRAPPER elsewhere OPTIONS (host 'archive.example', password 'hidden-from-everyone');
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watches ON sql_drop EXECUTE FUNCTION watch();
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER always BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE item ENABLE ALWAYS TRIGGER always;
CREATE FUNCTION c_made(internal) RETURNS internal LANGUAGE c AS '$libdir/dict_snowball', 'dsnowball_init';

CREATE TABLE narrow (id int PRIMARY KEY);
CREATE SEQUENCE wide OWNED BY narrow.id;
SELECT setval('wide', 2000000000);

CREATE TABLE ranges (name text) PARTITION BY RANGE (name);
