-- Functions in C that belong to no extension: their library must be in the target's image.
SELECT format('%I.%I', n.nspname, p.proname), 'is a C function of library ' || coalesce(p.probin, '?') || ' and belongs to no extension'
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname = 'c'
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE p.oid >= 16384 AND n.nspname <> ALL (/*schemas*/)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
 ORDER BY 1
