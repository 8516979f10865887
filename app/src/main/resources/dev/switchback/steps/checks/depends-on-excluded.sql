-- The user's objects that need something that stays behind: an object of an excluded extension or schema.
WITH behind AS (
  SELECT d.classid, d.objid
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_extension e ON d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid
   WHERE d.deptype = 'e' AND e.extname = ANY (/*extensions*/)
  UNION
  SELECT 'pg_catalog.pg_class'::regclass, c.oid FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (/*schemas*/)
  UNION
  SELECT 'pg_catalog.pg_proc'::regclass, p.oid FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY (/*schemas*/)
  UNION
  SELECT 'pg_catalog.pg_type'::regclass, t.oid FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = ANY (/*schemas*/)
), users AS (
  SELECT b.classid AS behind_class, b.objid AS behind,
         coalesce(rw.ev_class, ad.adrelid, nullif(co.conrelid, 0), tr.tgrelid, po.polrelid,
                  CASE WHEN d.classid = 'pg_catalog.pg_class'::regclass THEN d.objid END) AS relation,
         CASE WHEN d.classid = 'pg_catalog.pg_proc'::regclass THEN d.objid END AS function
    FROM behind b
    JOIN pg_catalog.pg_depend d ON d.refclassid = b.classid AND d.refobjid = b.objid AND d.deptype IN ('n', 'a')
    LEFT JOIN pg_catalog.pg_rewrite rw ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND rw.oid = d.objid
    LEFT JOIN pg_catalog.pg_attrdef ad ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND ad.oid = d.objid
    LEFT JOIN pg_catalog.pg_constraint co ON d.classid = 'pg_catalog.pg_constraint'::regclass AND co.oid = d.objid
    LEFT JOIN pg_catalog.pg_trigger tr ON d.classid = 'pg_catalog.pg_trigger'::regclass AND tr.oid = d.objid
    LEFT JOIN pg_catalog.pg_policy po ON d.classid = 'pg_catalog.pg_policy'::regclass AND po.oid = d.objid
)
SELECT format('%I.%I', n.nspname, coalesce(c.relname, p.proname)),
       'needs ' || string_agg(DISTINCT pg_catalog.pg_describe_object(u.behind_class, u.behind, 0), ', ')
         || ', which stays behind'
  FROM users u
  LEFT JOIN pg_catalog.pg_class c ON c.oid = u.relation
  LEFT JOIN pg_catalog.pg_proc p ON p.oid = u.function
  JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(c.relnamespace, p.pronamespace)
 WHERE n.nspname !~ '^pg_' AND n.nspname <> ALL (/*schemas*/)
   AND NOT EXISTS (SELECT FROM behind b WHERE b.objid = coalesce(c.oid, p.oid)
                      AND b.classid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass))
 GROUP BY 1
 ORDER BY 1
