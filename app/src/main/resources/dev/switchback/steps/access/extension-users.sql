-- What of the user's hangs on an extension: columns, indexes, functions, views. Parameter: its name.
SELECT count(*), coalesce(string_agg(what, ', ' ORDER BY what) FILTER (WHERE place <= 3), '')
  FROM (SELECT what, row_number() OVER (ORDER BY what) AS place
          FROM (SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS what
                  FROM pg_catalog.pg_extension e
                  JOIN pg_catalog.pg_depend m ON m.refclassid = 'pg_catalog.pg_extension'::regclass AND m.refobjid = e.oid AND m.deptype = 'e'
                  JOIN pg_catalog.pg_depend d ON d.refclassid = m.classid AND d.refobjid = m.objid AND d.deptype IN ('n', 'a')
                 WHERE e.extname = ?
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend o WHERE o.classid = d.classid AND o.objid = d.objid AND o.deptype IN ('e', 'i'))) users) numbered
