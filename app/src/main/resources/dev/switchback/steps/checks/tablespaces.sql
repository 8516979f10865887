-- Tablespaces in use in this database that the target does not have.
SELECT t.spcname, 'holds ' || count(*) || ' relation(s), the first ' || min(c.oid::regclass::text)
                    || ', and the target has no tablespace of this name'
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
 WHERE t.spcname NOT IN ('pg_default', 'pg_global') AND t.spcname <> ALL (/*tablespaces*/)
 GROUP BY t.spcname
 ORDER BY 1
