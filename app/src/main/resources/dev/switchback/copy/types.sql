-- Types by OID with everything they are made of. Parameter: OIDs to begin with.
WITH RECURSIVE made(oid) AS (
  SELECT unnest(CAST(? AS oid[]))
  UNION
  SELECT part.oid
    FROM made JOIN pg_catalog.pg_type t ON t.oid = made.oid
   CROSS JOIN LATERAL (
         SELECT t.typbasetype AS oid
         UNION ALL SELECT t.typelem
         UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r
                    WHERE r.rngtypid = t.oid OR CAST(to_jsonb(r) ->> 'rngmultitypid' AS oid) = t.oid
         UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                    WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) part
   WHERE part.oid <> 0
)
SELECT t.oid::bigint, pg_catalog.format_type(t.oid, NULL), t.typname, n.nspname = 'pg_catalog', t.typtype::text,
       t.typsend <> 0 AND t.typreceive <> 0,
       ARRAY(SELECT part.oid::bigint FROM (
               SELECT t.typbasetype AS oid
               UNION ALL SELECT t.typelem WHERE t.typlen = -1
               UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r
                          WHERE r.rngtypid = t.oid OR CAST(to_jsonb(r) ->> 'rngmultitypid' AS oid) = t.oid
               UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                          WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) part
             WHERE part.oid <> 0),
       t.typcategory = 'A',
       coalesce((SELECT x.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
                  WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e'
                    AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass LIMIT 1), '')
  FROM made JOIN pg_catalog.pg_type t ON t.oid = made.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
