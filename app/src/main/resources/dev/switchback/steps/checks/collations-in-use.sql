-- Collations named by columns and indexes of the user's, besides the database's own and C; those of PostgreSQL's own
-- schema must be on the target, the user's own travel with the schema.
SELECT co.collname, co.collnamespace = 'pg_catalog'::regnamespace AS builtin, min(c.oid::regclass::text), count(DISTINCT c.oid),
       coalesce(co.collversion, ''), coalesce(pg_catalog.pg_collation_actual_version(co.oid), ''), co.collisdeterministic
  FROM (SELECT attrelid AS relation, attcollation AS collation FROM pg_catalog.pg_attribute
         WHERE attnum > 0 AND NOT attisdropped AND attcollation <> 0
        UNION
        SELECT i.indexrelid, x.coll FROM pg_catalog.pg_index i CROSS JOIN LATERAL unnest(i.indcollation::oid[]) x(coll) WHERE x.coll <> 0) used
  JOIN pg_catalog.pg_collation co ON co.oid = used.collation AND co.collname NOT IN ('default', 'C', 'POSIX', 'ucs_basic')
  JOIN pg_catalog.pg_class c ON c.oid = used.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (/*schemas*/)
 GROUP BY co.oid, co.collname, co.collnamespace, co.collversion, co.collisdeterministic
 ORDER BY 1
