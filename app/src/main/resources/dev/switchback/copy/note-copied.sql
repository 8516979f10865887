-- In the transaction that copied the table. Parameters: schema, table, attempt, rows, bytes.
INSERT INTO switchback.copied (schema_name, table_name, attempt, rows, bytes)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (schema_name, table_name, attempt)
DO UPDATE SET rows = excluded.rows, bytes = excluded.bytes, finished_at = clock_timestamp()
RETURNING table_name
