-- In the transaction that copied the tables, after their rows. Parameters: schemas, tables, attempt, rows, bytes, unlogged.
-- A table that is noted already was committed by a session we had given up: nothing comes back for it.
INSERT INTO switchback.copied (schema_name, table_name, attempt, rows, bytes, server_start)
SELECT t.schema_name, t.table_name, ?, t.rows, t.bytes, CASE WHEN t.unlogged THEN pg_postmaster_start_time() END
  FROM unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS boolean[]))
       AS t(schema_name, table_name, rows, bytes, unlogged)
ON CONFLICT (schema_name, table_name, attempt) DO NOTHING
RETURNING table_name
