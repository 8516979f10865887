-- Tables in a foreign key's reach that have pages but, as the planner was told, no rows; with the first parameter also those
-- without statistics. Second parameter: schemas left out.
SELECT n.nspname, c.relname
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND pg_catalog.pg_relation_size(c.oid) > 0
   AND ((c.reltuples = 0 AND c.relpages > 0)
        OR (? AND (c.reltuples < 0 OR NOT EXISTS (SELECT FROM pg_catalog.pg_statistic s WHERE s.starelid = c.oid))))
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (?)
