-- Transactions that only a person or their transaction manager ends.
SELECT p.database, 'transaction ' || quote_literal(p.gid) || ' of ' || p.owner || ' is prepared since '
                     || to_char(p.prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC',
       format('in database %I: COMMIT PREPARED %L, or ROLLBACK PREPARED %L', p.database, p.gid, p.gid)
  FROM given, pg_catalog.pg_prepared_xacts p
 ORDER BY p.prepared
