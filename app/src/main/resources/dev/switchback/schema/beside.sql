-- What the fingerprint leaves out because a restore does not bring it, or because few databases have it:
-- key, definition, and whether the definition is deparsed text. Runs alike on majors 13 to 18, with the
-- search_path pg_catalog. No option's value of a foreign server, user mapping or parameter of an extension's
-- or application's own is shown: they are hashed. Parameters: schemas, extensions and roles left out.
WITH excluded AS MATERIALIZED (
  SELECT ?::text[] AS schemas, ?::text[] AS extensions, ?::text[] AS roles
), members AS MATERIALIZED (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), ns AS MATERIALIZED (
  SELECT n.* FROM pg_namespace n, excluded e
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (e.schemas)
), rel AS MATERIALIZED (
  SELECT c.*, format('%I.%I', ns.nspname, c.relname) AS id
    FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relpersistence <> 't'
     AND (c.oid::oid, 'pg_class'::regclass::oid) NOT IN (SELECT objid, classid FROM members)
), db AS MATERIALIZED (
  SELECT * FROM pg_database WHERE datname = current_database()
), acls AS (
  SELECT 'database' AS object, 'd' AS kind, datdba AS owner, datacl AS acl FROM db
  UNION ALL SELECT 'language ' || quote_ident(lanname), 'l', lanowner, lanacl FROM pg_language
             WHERE oid >= 16384 AND (oid, 'pg_language'::regclass::oid) NOT IN (SELECT objid, classid FROM members)
  UNION ALL SELECT 'foreign-data wrapper ' || quote_ident(fdwname), 'F', fdwowner, fdwacl FROM pg_foreign_data_wrapper
             WHERE (oid, 'pg_foreign_data_wrapper'::regclass::oid) NOT IN (SELECT objid, classid FROM members)
), details AS (
  SELECT 'pg_cast'::regclass::oid AS class, oid, concat_ws(' ', castcontext, castmethod, nullif(castfunc, 0)::regprocedure) AS definition FROM pg_cast
  UNION ALL SELECT 'pg_operator'::regclass, oid,
            concat_ws(' ', oprcode, 'restrict', oprrest, 'join', oprjoin, 'commutator', nullif(oprcom, 0)::regoperator, 'negator', nullif(oprnegate, 0)::regoperator,
                      CASE WHEN oprcanmerge THEN 'merges' END, CASE WHEN oprcanhash THEN 'hashes' END) FROM pg_operator
  UNION ALL SELECT 'pg_opclass'::regclass, oid, concat_ws(' ', opcintype::regtype, nullif(opckeytype, 0)::regtype) FROM pg_opclass
  UNION ALL SELECT 'pg_opfamily'::regclass, f.oid,
            concat_ws(' ',
              (SELECT string_agg(concat_ws(' ', a.amopstrategy, a.amopopr::regoperator, nullif(a.amopsortfamily, 0)), ',' ORDER BY a.amopstrategy, a.amopopr::regoperator::text COLLATE "C")
                 FROM pg_amop a WHERE a.amopfamily = f.oid),
              (SELECT string_agg(concat_ws(' ', p.amprocnum, p.amproc::regprocedure), ',' ORDER BY p.amprocnum, p.amproc::regprocedure::text COLLATE "C")
                 FROM pg_amproc p WHERE p.amprocfamily = f.oid)) FROM pg_opfamily f
  UNION ALL SELECT 'pg_conversion'::regclass, oid, concat_ws(' ', 'owner', conowner::regrole, pg_encoding_to_char(conforencoding), pg_encoding_to_char(contoencoding),
            CASE WHEN condefault THEN 'default' END) FROM pg_conversion
  UNION ALL SELECT 'pg_ts_config'::regclass, c.oid, concat_ws(' ', 'owner', c.cfgowner::regrole, p.prsname) FROM pg_ts_config c JOIN pg_ts_parser p ON p.oid = c.cfgparser
  UNION ALL SELECT 'pg_ts_dict'::regclass, d.oid, concat_ws(' ', 'owner', d.dictowner::regrole, t.tmplname) FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate
  UNION ALL SELECT 'pg_transform'::regclass, oid, concat_ws(' ', nullif(trffromsql::oid, 0)::regprocedure, nullif(trftosql::oid, 0)::regprocedure) FROM pg_transform
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, concat_ws(' ', 'owner', fdwowner::regrole, nullif(fdwhandler, 0)::regprocedure, nullif(fdwvalidator, 0)::regprocedure)
            FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_foreign_server'::regclass, s.oid, concat_ws(' ', w.fdwname, s.srvtype, s.srvversion) FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
)
SELECT 'extension version of ' || quote_ident(x.extname) AS key,
       x.extversion || CASE WHEN x.extversion = a.default_version THEN ' (what this server installs)' ELSE '' END AS definition, false AS deparsed
  FROM pg_extension x LEFT JOIN pg_available_extensions a ON a.name = x.extname, excluded e WHERE x.extname <> ALL (e.extensions)

UNION ALL
SELECT 'details of ' || i.type || ' ' || i.identity, d.definition, false
  FROM details d CROSS JOIN LATERAL pg_identify_object(d.class, d.oid, 0) i, excluded e
 WHERE d.oid >= 16384 AND (d.oid, d.class) NOT IN (SELECT objid, classid FROM members)
   AND (i.schema IS NULL OR i.schema <> ALL (e.schemas))
   AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.classid = d.class AND p.objid = d.oid AND p.deptype = 'i' AND d.class = 'pg_cast'::regclass)

UNION ALL
SELECT 'access method ' || quote_ident(amname), concat_ws(' ', amtype, amhandler), false
  FROM pg_am WHERE oid >= 16384 AND (oid, 'pg_am'::regclass::oid) NOT IN (SELECT objid, classid FROM members)

UNION ALL
SELECT 'publication ' || quote_ident(p.pubname),
       concat_ws(' ', 'owner', p.pubowner::regrole,
                 CASE WHEN p.puballtables THEN 'all tables' END, 'insert', p.pubinsert, 'update', p.pubupdate, 'delete', p.pubdelete, 'truncate', p.pubtruncate,
                 CASE WHEN p.pubviaroot THEN 'via root' END,
                 (SELECT string_agg(format('%I.%I', t.schemaname, t.tablename) || coalesce(' where ' || (to_jsonb(t) ->> 'rowfilter'), ''), ',' ORDER BY t.schemaname, t.tablename)
                    FROM pg_publication_tables t WHERE t.pubname = p.pubname)), false
  FROM pg_publication p
 WHERE p.pubname !~ '^switchback_[0-9a-f]{8}_[fr]$'

UNION ALL
SELECT 'subscription ' || quote_ident(s.subname), concat_ws(' ', 'owner', s.subowner::regrole, 'enabled', s.subenabled, 'slot', s.subslotname, s.subpublications::text), false
  FROM pg_subscription s JOIN db ON db.oid = s.subdbid
 WHERE s.subname !~ '^switchback_[0-9a-f]{8}_[fr]_'

UNION ALL
SELECT 'database options',
       concat_ws(' ', 'owner', datdba::regrole, pg_encoding_to_char(encoding), 'provider', coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'), 'collate', datcollate, 'ctype', datctype,
                 'locale', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'), 'rules', to_jsonb(d) ->> 'daticurules',
                 'connections', datconnlimit, CASE WHEN datistemplate THEN 'template' END), false
  FROM db d

UNION ALL
SELECT 'database comment', shobj_description(oid, 'pg_database'), false FROM db WHERE shobj_description(oid, 'pg_database') IS NOT NULL

UNION ALL
-- while the fence stands, the read-only default of the database is the fence's
SELECT 'database setting ' || split_part(c.setting, '=', 1) || coalesce(' of role ' || quote_ident(r.rolname), ''),
       CASE WHEN split_part(c.setting, '=', 1) LIKE '%.%' THEN 'hash ' || md5(c.setting) ELSE substr(c.setting, strpos(c.setting, '=') + 1) END, false
  FROM pg_db_role_setting s JOIN db ON db.oid = s.setdatabase
  LEFT JOIN pg_roles r ON r.oid = s.setrole
 CROSS JOIN excluded e CROSS JOIN LATERAL unnest(s.setconfig) c(setting)
 WHERE (s.setrole = 0 OR r.rolname <> ALL (e.roles))
   AND NOT (c.setting LIKE 'default\_transaction\_read\_only=%' AND EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'switchback_fence_ddl'))

UNION ALL
SELECT 'privileges on ' || a.object,
       (SELECT coalesce(string_agg(DISTINCT g.word, ',' ORDER BY g.word), '')
          FROM (SELECT CASE WHEN x.grantee = a.owner THEN 'OWNER' ELSE coalesce(quote_ident(o.rolname), 'PUBLIC') END || '=' || x.privilege_type
                       || CASE WHEN x.is_grantable THEN '*' ELSE '' END AS word
                  FROM aclexplode(coalesce(a.acl, acldefault(a.kind::"char", a.owner))) x
                  LEFT JOIN pg_roles o ON o.oid = x.grantee
                 WHERE NOT coalesce(o.rolname = ANY (e.roles) AND x.grantee <> a.owner OR o.rolname LIKE 'switchback\_%', false)) g), false
  FROM acls a, excluded e

UNION ALL
SELECT 'maintain privilege on ' || r.id, string_agg(coalesce(quote_ident(o.rolname), 'PUBLIC') || CASE WHEN x.is_grantable THEN '*' ELSE '' END, ',' ORDER BY o.rolname), false
  FROM rel r CROSS JOIN excluded e CROSS JOIN LATERAL aclexplode(r.relacl) x LEFT JOIN pg_roles o ON o.oid = x.grantee
 WHERE x.privilege_type = 'MAINTAIN' AND x.grantee <> r.relowner AND NOT coalesce(o.rolname = ANY (e.roles), false)
 GROUP BY r.id

UNION ALL
SELECT 'not null constraint ' || quote_ident(k.conname) || ' on ' || r.id,
       pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' not validated' END, false
  FROM pg_constraint k JOIN rel r ON r.oid = k.conrelid WHERE k.contype = 'n'

UNION ALL
SELECT 'security label on ' || i.type || ' ' || i.identity, l.provider || ' ' || l.label, false
  FROM pg_seclabel l CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) i, excluded e
 WHERE (i.schema IS NULL OR i.schema <> ALL (e.schemas))

UNION ALL
SELECT 'toast options of ' || r.id, ARRAY(SELECT o FROM unnest(t.reloptions) o ORDER BY o COLLATE "C")::text, false
  FROM rel r JOIN pg_class t ON t.oid = r.reltoastrelid WHERE t.reloptions IS NOT NULL

UNION ALL
SELECT 'tablespace of ' || r.id, s.spcname, false FROM rel r JOIN pg_tablespace s ON s.oid = r.reltablespace

UNION ALL
SELECT 'index statistics of ' || x.relname || ' on ' || r.id, string_agg(a.attnum || ' ' || a.attstattarget, ',' ORDER BY a.attnum), false
  FROM rel r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class x ON x.oid = i.indexrelid
  JOIN pg_attribute a ON a.attrelid = x.oid WHERE coalesce(a.attstattarget, -1) <> -1
 GROUP BY x.relname, r.id

UNION ALL
SELECT 'trigger state of ' || quote_ident(t.tgname) || ' on partition ' || r.id, t.tgenabled::text, false
  FROM pg_trigger t JOIN rel r ON r.oid = t.tgrelid WHERE t.tgparentid <> 0 AND t.tgconstraint = 0 AND t.tgname <> 'switchback_fence'

UNION ALL
SELECT 'base type ' || format('%I.%I', ns.nspname, t.typname),
       concat_ws(' ', 'owner', t.typowner::regrole, t.typlen, t.typalign, t.typstorage, t.typcategory, t.typinput, t.typoutput, t.typreceive, t.typsend), false
  FROM pg_type t JOIN ns ON ns.oid = t.typnamespace
 WHERE t.typtype = 'b' AND t.typelem = 0 AND (t.oid, 'pg_type'::regclass::oid) NOT IN (SELECT objid, classid FROM members)
