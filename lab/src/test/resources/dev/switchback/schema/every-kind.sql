-- Kinds of objects that the nasty database has none of; runs on majors 13 to 18, after it.
SET search_path = public;
CREATE EXTENSION postgres_fdw SCHEMA public;
CREATE SERVER elsewhere TYPE 'pg' VERSION '1' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'one.example');
CREATE USER MAPPING FOR app_owner SERVER elsewhere OPTIONS (user 'u', password 'hush-hush');
CREATE FOREIGN TABLE far_away (id int OPTIONS (column_name 'nr')) SERVER elsewhere OPTIONS (table_name 'here');
GRANT USAGE ON FOREIGN SERVER elsewhere TO app_owner;
CREATE FOREIGN DATA WRAPPER own_wrapper;
CREATE FUNCTION mood_int(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (mood AS int) WITH FUNCTION mood_int(mood) AS ASSIGNMENT;
CREATE FUNCTION same_mood(mood, mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR ~~~ (LEFTARG = mood, RIGHTARG = mood, FUNCTION = same_mood, RESTRICT = eqsel);
CREATE OPERATOR FAMILY odd_family USING btree;
CREATE OPERATOR CLASS odd_ops FOR TYPE int4 USING btree FAMILY odd_family AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4);
CREATE TEXT SEARCH DICTIONARY odd_words (TEMPLATE = simple, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION odd_search (COPY = simple);
CREATE CONVERSION odd_conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TRUSTED PROCEDURAL LANGUAGE plpgsql2 HANDLER plpgsql_call_handler;
CREATE ACCESS METHOD odd_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE FUNCTION outer_mood(event mood) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  -- first
  RETURN event::text;
END $$;
COMMENT ON FUNCTION outer_mood(mood) IS 'of a function';
COMMENT ON VIEW happy IS 'of a view';
ALTER TABLE accounts SET (toast.autovacuum_enabled = off);
