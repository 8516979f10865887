-- Notes a table as copied when its parts join without gap or overlap and all have arrived.
-- Parameters: unlogged, schema, table, attempt.
INSERT INTO switchback.copied (schema_name, table_name, attempt, rows, bytes, server_start)
SELECT p.schema_name, p.table_name, p.attempt, sum(p.rows), sum(p.bytes), CASE WHEN ? THEN pg_postmaster_start_time() END
  FROM (SELECT *, lead(first_page) OVER (ORDER BY first_page) IS NOT DISTINCT FROM end_page AS joined
          FROM switchback.copied_part WHERE schema_name = ? AND table_name = ? AND attempt = ?) p
 GROUP BY 1, 2, 3
HAVING bool_and(p.joined) AND min(p.first_page) = 0 AND bool_and(p.rows IS NOT NULL)
ON CONFLICT (schema_name, table_name, attempt) DO UPDATE SET rows = excluded.rows, bytes = excluded.bytes
RETURNING rows
