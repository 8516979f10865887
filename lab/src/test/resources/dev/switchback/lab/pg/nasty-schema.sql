-- One of everything that makes a schema hard to carry; runs on majors 13 to 18.
SET ROLE NONE;
CREATE EXTENSION citext SCHEMA public;
CREATE EXTENSION pg_trgm SCHEMA public;
COMMENT ON SCHEMA public IS 'ours now';
ALTER SCHEMA public OWNER TO app_owner;
GRANT USAGE ON SCHEMA public TO "app user", PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA "Odd ""schema" AUTHORIZATION app_owner;
CREATE SCHEMA "cron jobs" AUTHORIZATION app_owner;
GRANT USAGE ON SCHEMA "Odd ""schema" TO "Reader;x", admin;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT SELECT ON TABLES TO "Reader;x";
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA public GRANT SELECT ON TABLES TO admin;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE admin GRANT SELECT ON TABLES TO "app user";
SET ROLE app_owner;
SET search_path = public;

CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE TYPE point3 AS (x float8, y float8, "Z z" numeric(10,2));
CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE TYPE timerange AS RANGE (subtype = time);
CREATE COLLATION german (provider = libc, locale = 'C');

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now(); -- 'quoted; semicolon'
  RETURN NEW;
END $$;
CREATE FUNCTION double_it(n integer DEFAULT 2, OUT result bigint) LANGUAGE sql IMMUTABLE STRICT AS 'SELECT n * 2::bigint';
CREATE PROCEDURE do_nothing(INOUT n integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS 'BEGIN END';
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');

CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 5) PRIMARY KEY,
  name public.citext NOT NULL,
  mood mood DEFAULT 'it''s ok',
  spot point3,
  age positive,
  hours timerange,
  tags text[] DEFAULT '{}',
  favourite_id bigint,
  updated_at timestamptz DEFAULT now(),
  upper_name text GENERATED ALWAYS AS (upper(('x' || id) || 'y')) STORED,
  note text COLLATE german,
  CONSTRAINT name_not_empty CHECK (name <> '')
);
CREATE TABLE posts (
  id serial PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
  body text,
  "Mixed; Case" integer,
  CONSTRAINT body_once UNIQUE (account_id, body) DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE accounts ADD CONSTRAINT favourite_fk FOREIGN KEY (favourite_id) REFERENCES posts DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE posts ADD CONSTRAINT body_short CHECK (length(body) < 100000) NOT VALID;
CREATE INDEX posts_body_gin ON posts USING gin (to_tsvector('english', body));
CREATE INDEX posts_partial ON posts (account_id DESC NULLS LAST) INCLUDE (id) WHERE "Mixed; Case" IS NOT NULL;
CREATE UNIQUE INDEX accounts_lower ON accounts (lower(name::text), (id % 10));
CREATE INDEX accounts_trgm ON accounts USING gist (note gist_trgm_ops);
CREATE TRIGGER touch BEFORE UPDATE ON accounts FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION touch();
ALTER TABLE accounts DISABLE TRIGGER touch;
CREATE TRIGGER touch_always BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE accounts ENABLE ALWAYS TRIGGER touch_always;
ALTER TABLE accounts REPLICA IDENTITY USING INDEX accounts_pkey;
ALTER TABLE posts CLUSTER ON posts_pkey;
ALTER TABLE posts ALTER COLUMN body SET STATISTICS 500;
ALTER TABLE posts SET (fillfactor = 90, autovacuum_enabled = off);
CREATE STATISTICS posts_stats (dependencies) ON account_id, "Mixed; Case" FROM posts;

CREATE TABLE events (at date NOT NULL, kind text NOT NULL, payload jsonb, PRIMARY KEY (at, kind)) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (kind);
CREATE TABLE events_2024_a PARTITION OF events_2024 FOR VALUES IN ('a', 'b');
CREATE TABLE events_2024_rest PARTITION OF events_2024 DEFAULT;
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE INDEX events_payload ON events USING gin (payload);
CREATE TRIGGER on_events AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION touch();

CREATE TABLE animals (name text, legs int);
CREATE TABLE birds (wings int) INHERITS (animals);

CREATE UNLOGGED TABLE sessions (token text PRIMARY KEY, seen timestamptz);
CREATE TABLE no_key (a int, b text);
CREATE TABLE "Odd ""schema"."Tab ""le; x" ("select" int, "Ünï" text, "a.b" numeric);
CREATE TABLE "cron jobs".job (id int PRIMARY KEY, at text);
CREATE TABLE nothing ();
CREATE TABLE only_generated (one int GENERATED ALWAYS AS (1) STORED);

CREATE TABLE kinds (
  id int PRIMARY KEY, j json, jb jsonb, x xml, ts tsvector, tq tsquery, by bytea, m money, iv interval,
  f4 float4, f8 float8, n numeric, d date, t time, tz timestamptz, u uuid, ip inet, b bit varying(9), c char(5),
  pt point, r int4range, ar int[][], ea mood[], rc regclass, ro oid, pts point3[]);

CREATE VIEW happy AS SELECT id, upper(name::text) AS "Name; up" FROM accounts WHERE mood = 'happy' AND name <> 'a.b''c.d';
CREATE VIEW joined WITH (security_barrier) AS
  SELECT a.id, a.name, (SELECT count(*) FROM posts p WHERE p.account_id = a.id) AS posts FROM accounts a LEFT JOIN posts q ON q.account_id = a.id;
CREATE VIEW grouped AS SELECT id, name, count(*) AS n FROM accounts GROUP BY id;
CREATE MATERIALIZED VIEW post_counts AS SELECT account_id, count(*) AS n FROM posts GROUP BY account_id;
CREATE UNIQUE INDEX post_counts_key ON post_counts (account_id);
CREATE MATERIALIZED VIEW post_totals AS SELECT sum(n) AS total FROM post_counts;
CREATE MATERIALIZED VIEW never_filled AS SELECT 1 AS one WITH NO DATA;
CREATE RULE no_delete AS ON DELETE TO no_key DO INSTEAD NOTHING;
CREATE RULE happy_ins AS ON INSERT TO happy DO INSTEAD INSERT INTO no_key VALUES (new.id, new."Name; up");

ALTER TABLE kinds ENABLE ROW LEVEL SECURITY;
ALTER TABLE kinds FORCE ROW LEVEL SECURITY;
CREATE POLICY odd_ids ON kinds FOR SELECT TO "app user" USING (id % 2 = 1);
CREATE SEQUENCE down AS smallint INCREMENT BY -3 MINVALUE -1000 MAXVALUE 10 START 7 CACHE 4 CYCLE;
CREATE SEQUENCE never_called START 42;
CREATE SEQUENCE "Odd ""schema"."Seq; x" OWNED BY "Odd ""schema"."Tab ""le; x"."select";

COMMENT ON TABLE accounts IS 'people; and "bots"';
COMMENT ON COLUMN accounts.name IS 'it''s a name';
COMMENT ON INDEX posts_partial IS 'partial';
COMMENT ON CONSTRAINT body_once ON posts IS 'once';

GRANT SELECT, INSERT ON accounts TO "app user";
GRANT SELECT ON posts TO "app user" WITH GRANT OPTION;
GRANT SELECT (id, name), UPDATE (name) ON accounts TO "Reader;x";
GRANT SELECT ON accounts TO admin;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO robot_zmon;
GRANT ALL ON TABLE no_key TO reporting;
REVOKE DELETE ON posts FROM app_owner;
GRANT USAGE ON SEQUENCE down TO "app user";
GRANT USAGE ON TYPE mood TO "Reader;x";
GRANT EXECUTE ON FUNCTION double_it(integer) TO "app user";
SET ROLE "app user";
GRANT SELECT ON posts TO reporting;
GRANT SELECT ON posts TO admin;
RESET ROLE;

CREATE TABLE public.by_postgres (id int PRIMARY KEY, v text);
GRANT SELECT ON public.by_postgres TO "app user";
CREATE FUNCTION public.as_postgres() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text';
CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER user_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION public.on_ddl();
CREATE PUBLICATION users_own FOR TABLE public.accounts;
RESET search_path;
