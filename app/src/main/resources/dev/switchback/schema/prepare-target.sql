-- Our bookkeeping in a target database: whose it is, and which tables arrived in which attempt.
CREATE SCHEMA IF NOT EXISTS switchback;
REVOKE ALL ON SCHEMA switchback FROM PUBLIC;
CREATE TABLE IF NOT EXISTS switchback.migration (
  uid text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX IF NOT EXISTS migration_only_one ON switchback.migration ((true));
CREATE TABLE IF NOT EXISTS switchback.copied (
  schema_name text NOT NULL,
  table_name text NOT NULL,
  attempt integer NOT NULL,
  rows bigint NOT NULL,
  bytes bigint NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (schema_name, table_name, attempt)
);
ALTER TABLE switchback.copied ADD COLUMN IF NOT EXISTS server_start timestamptz;
COMMENT ON COLUMN switchback.copied.server_start IS 'unlogged tables only: the rows are gone when the server started later';
-- Tables that several workers load: where they were cut, and which parts have arrived (rows is not null).
CREATE TABLE IF NOT EXISTS switchback.copied_part (
  schema_name text NOT NULL,
  table_name text NOT NULL,
  attempt integer NOT NULL,
  first_page bigint NOT NULL,
  end_page bigint,
  filenode oid NOT NULL,
  rows bigint,
  bytes bigint,
  PRIMARY KEY (schema_name, table_name, attempt, first_page)
);
-- Entries of the dump's post-data that were made; each row commits with what it stands for.
CREATE TABLE IF NOT EXISTS switchback.built (
  entry text PRIMARY KEY,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- What 'switchback copy' needs to go on after a crash: the snapshot its rows were read under, and how far it came.
CREATE TABLE IF NOT EXISTS switchback.copy_run (
  attempt integer PRIMARY KEY,
  snapshot text NOT NULL,
  filter text NOT NULL,
  schema_done boolean NOT NULL DEFAULT false,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz
);
