-- What of the user's hangs on an extension: columns, indexes, functions, views. Parameter: its name.
WITH users AS (
  SELECT DISTINCT
         CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass END AS class,
         coalesce(r.ev_class, d.objid) AS oid,
         CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END AS part
    FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_depend m ON m.refclassid = 'pg_catalog.pg_extension'::regclass AND m.refobjid = e.oid AND m.deptype = 'e'
    JOIN pg_catalog.pg_depend d ON d.refclassid = m.classid AND d.refobjid = m.objid AND d.deptype IN ('n', 'a')
    LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
   WHERE e.extname = ?
     AND d.classid NOT IN ('pg_catalog.pg_amop'::regclass, 'pg_catalog.pg_amproc'::regclass)
), described AS (
  SELECT pg_catalog.pg_describe_object(u.class, u.oid, u.part) AS what
    FROM users u
   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend o WHERE o.classid = u.class AND o.objid = u.oid AND o.deptype = 'e')
)
SELECT count(*), coalesce(string_agg(what, ', ') FILTER (WHERE place <= 3), '')
  FROM (SELECT what, row_number() OVER (ORDER BY what) AS place FROM described) numbered
