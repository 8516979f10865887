-- Every role of the cluster but PostgreSQL's own; owns: something in the given databases, or one of them.
SELECT r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
       r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil::text AS valid_until, r.rolpassword,
       shobj_description(r.oid, 'pg_authid') AS comment,
       EXISTS (SELECT FROM pg_catalog.pg_shdepend s
               JOIN pg_catalog.pg_database d ON d.datname = ANY (?)
               WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'o'
                 AND (s.dbid = d.oid
                      OR s.classid = 'pg_catalog.pg_database'::regclass AND s.objid = d.oid)) AS owns
FROM pg_catalog.pg_authid r
WHERE r.rolname !~ '^pg_'
ORDER BY r.rolname
