-- Words of one filling session. The scale comes in setting lab.scale; triggers and foreign keys rest
-- meanwhile, because two sessions fill in parallel and the generated rows refer to each other by formula.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.scaled(n integer) RETURNS integer LANGUAGE sql STABLE AS
    $$SELECT greatest(20, ceil(n * current_setting('lab.scale')::float8))::integer$$;
-- the id of the n-th account and status: one each ten minutes since 2023 and each 150 s since 2024
CREATE FUNCTION pg_temp.account_id(n integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$SELECT ((1672531200000 + n * 600000::bigint) << 16) | ((n * 40503::bigint) & 65535)$$;
CREATE FUNCTION pg_temp.status_id(n integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$SELECT ((1704067200000 + n * 150000::bigint) << 16) | ((n * 40503::bigint) & 65535)$$;
CREATE FUNCTION pg_temp.at(n integer) RETURNS timestamptz LANGUAGE sql STABLE AS
    $$SELECT timestamptz '2024-01-01 00:00:00+00' + n * interval '150 s'$$;
