-- Extensions whose tables native logical replication does not follow.
SELECT e.extname, 'extension ' || e.extname || ' ' || e.extversion || ' is used by this database',
       'use spec.strategy: offline' || CASE WHEN e.extname = 'citus' THEN '' ELSE ', or DROP EXTENSION timescaledb where no hypertable is left' END
  FROM given, pg_catalog.pg_extension e
 WHERE e.extname IN ('timescaledb', 'citus')
 ORDER BY 1
