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
