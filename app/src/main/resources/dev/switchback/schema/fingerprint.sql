-- One row for each definition of the user's: section, key, definition, and whether the definition is
-- deparsed text that majors print differently. Runs alike on majors 13 to 18, with an empty search_path.
-- Options are sorted: pg_dump writes them in another order. 14 and later print the IN of procedures' arguments: it is
-- taken out. Parameters: schemas, extensions and roles left out.
WITH excluded AS MATERIALIZED (
  SELECT ?::text[] AS schemas, ?::text[] AS extensions, ?::text[] AS roles
), members AS MATERIALIZED (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), ns AS MATERIALIZED (
  SELECT n.* FROM pg_namespace n, excluded e
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (e.schemas)
), rel AS MATERIALIZED (
  SELECT c.*, format('%I.%I', ns.nspname, c.relname) AS id,
         CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                        WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'type' END AS word,
         CASE WHEN c.relkind = 'm' THEN 'POST_DATA' ELSE 'PRE_DATA' END AS section
    FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND c.relpersistence <> 't'
     AND (c.oid::oid, 'pg_class'::regclass::oid) NOT IN (SELECT objid, classid FROM members)
), typ AS MATERIALIZED (
  SELECT t.*, format('%I.%I', ns.nspname, t.typname) AS id
    FROM pg_type t JOIN ns ON ns.oid = t.typnamespace
   WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
     AND (t.oid, 'pg_type'::regclass::oid) NOT IN (SELECT objid, classid FROM members)
), fun AS MATERIALIZED (
  SELECT p.*, format('%I.%I(%s)', ns.nspname, p.proname, regexp_replace(pg_get_function_identity_arguments(p.oid), '(^|, )IN ', '\1', 'g')) AS id
    FROM pg_proc p JOIN ns ON ns.oid = p.pronamespace
   WHERE (p.oid, 'pg_proc'::regclass::oid) NOT IN (SELECT objid, classid FROM members)
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
), acls AS (
  SELECT r.word || ' ' || r.id AS object, CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END AS kind, r.relowner AS owner, r.relacl AS acl
    FROM rel r WHERE r.relkind <> 'c'
  UNION ALL
  SELECT 'column ' || r.id || '.' || quote_ident(a.attname), 'c', r.relowner, a.attacl
    FROM rel r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attacl IS NOT NULL
  UNION ALL SELECT 'function ' || id, 'f', proowner, proacl FROM fun
  UNION ALL SELECT 'type ' || id, 'T', typowner, typacl FROM typ
  UNION ALL SELECT 'schema ' || quote_ident(nspname), 'n', nspowner, nspacl FROM ns
  UNION ALL SELECT 'server ' || quote_ident(srvname), 'S', srvowner, srvacl FROM pg_foreign_server
             WHERE (oid, 'pg_foreign_server'::regclass::oid) NOT IN (SELECT objid, classid FROM members)
), others AS (
  SELECT 'pg_cast'::regclass::oid AS class, oid, '' AS definition FROM pg_cast
  UNION ALL SELECT 'pg_operator'::regclass, oid, oprcode::text || ' ' || oprowner::regrole FROM pg_operator
  UNION ALL SELECT 'pg_opclass'::regclass, oid, opcdefault::text || ' ' || opcowner::regrole FROM pg_opclass
  UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfowner::regrole::text FROM pg_opfamily
  UNION ALL SELECT 'pg_conversion'::regclass, oid, conproc::text FROM pg_conversion
  UNION ALL SELECT 'pg_ts_config'::regclass, oid,
            (SELECT string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ',' ORDER BY m.maptokentype, m.mapseqno)
               FROM pg_ts_config_map m WHERE m.mapcfg = t.oid) FROM pg_ts_config t
  UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictinitoption FROM pg_ts_dict
  UNION ALL SELECT 'pg_ts_parser'::regclass, oid, '' FROM pg_ts_parser
  UNION ALL SELECT 'pg_ts_template'::regclass, oid, '' FROM pg_ts_template
  UNION ALL SELECT 'pg_language'::regclass, oid, lanowner::regrole::text FROM pg_language
  UNION ALL SELECT 'pg_transform'::regclass, oid, '' FROM pg_transform
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, md5(ARRAY(SELECT o FROM unnest(fdwoptions) o ORDER BY o COLLATE "C")::text) FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid, md5(ARRAY(SELECT o FROM unnest(srvoptions) o ORDER BY o COLLATE "C")::text) || ' ' || srvowner::regrole FROM pg_foreign_server
  UNION ALL SELECT 'pg_user_mapping'::regclass, oid, md5(ARRAY(SELECT o FROM unnest(umoptions) o ORDER BY o COLLATE "C")::text) FROM pg_user_mapping
)
SELECT 'PRE_DATA' AS section, 'schema ' || quote_ident(nspname) AS key, 'owner ' || nspowner::regrole AS definition, false AS deparsed FROM ns

UNION ALL
SELECT 'PRE_DATA', 'extension ' || quote_ident(x.extname), 'schema ' || x.extnamespace::regnamespace, false
  FROM pg_extension x, excluded e WHERE x.extname <> ALL (e.extensions)

UNION ALL
SELECT r.section, r.word || ' ' || r.id,
       concat_ws(' ', 'owner', r.relowner::regrole, 'persistence', r.relpersistence,
                 'options', ARRAY(SELECT o FROM unnest(r.reloptions) o ORDER BY o COLLATE "C"),
                 CASE WHEN r.relforcerowsecurity THEN 'force row security' END,
                 CASE WHEN r.relkind = 'p' THEN 'partition by ' || pg_get_partkeydef(r.oid) END,
                 pg_get_expr(r.relpartbound, r.oid),
                 'of', (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = r.oid),
                 (SELECT s.srvname || ' ' || ARRAY(SELECT o FROM unnest(f.ftoptions) o ORDER BY o COLLATE "C")::text FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver
                   WHERE f.ftrelid = r.oid),
                 CASE WHEN r.relkind IN ('r', 'm', 'p') AND a.amname <> 'heap' THEN 'using ' || a.amname END),
       false
  FROM rel r LEFT JOIN pg_am a ON a.oid = r.relam

UNION ALL
SELECT r.section, 'column ' || r.id || '.' || quote_ident(a.attname),
       concat_ws(' ', rank() OVER (PARTITION BY a.attrelid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod),
                 CASE WHEN a.attnotnull THEN 'not null' END,
                 CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::regcollation END,
                 CASE WHEN a.attgenerated <> '' THEN 'generated ' || a.attgenerated::text END,
                 CASE WHEN a.attidentity <> '' THEN 'identity ' || a.attidentity::text END,
                 CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END,
                 CASE WHEN coalesce(a.attstattarget, -1) <> -1 THEN 'statistics ' || a.attstattarget END,
                 CASE WHEN a.attoptions IS NOT NULL THEN ARRAY(SELECT o FROM unnest(a.attoptions) o ORDER BY o COLLATE "C")::text END,
                 CASE WHEN a.attfdwoptions IS NOT NULL THEN ARRAY(SELECT o FROM unnest(a.attfdwoptions) o ORDER BY o COLLATE "C")::text END,
                 'compression ' || nullif(to_jsonb(a) ->> 'attcompression', ''),
                 'default ' || pg_get_expr(d.adbin, d.adrelid)),
       false
  FROM rel r
  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND r.relkind <> 'S'
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum

UNION ALL
SELECT 'PRE_DATA', 'sequence parameters ' || r.id,
       concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
                 (SELECT d.deptype::text || ' ' || d.refobjid::regclass || '.' || a.attname
                    FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                   WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))),
       false
  FROM rel r JOIN pg_sequence s ON s.seqrelid = r.oid

UNION ALL
SELECT 'PRE_DATA', 'type ' || t.id || ' details',
       concat_ws(' ', 'owner', t.typowner::regrole, t.typtype,
                 (SELECT string_agg(quote_literal(l.enumlabel), ',' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid),
                 CASE WHEN t.typtype = 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'not null' END, t.typdefault,
                   CASE WHEN t.typcollation <> 0 THEN t.typcollation::regcollation END,
                   (SELECT string_agg(quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), ',' ORDER BY k.conname COLLATE "C")
                      FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype <> 'n')) END,
                 (SELECT concat_ws(' ', g.rngsubtype::regtype, (SELECT o.opcname FROM pg_opclass o WHERE o.oid = g.rngsubopc), nullif(g.rngcollation, 0)::regcollation,
                                   g.rngcanonical, g.rngsubdiff) FROM pg_range g WHERE g.rngtypid = t.oid)),
       false
  FROM typ t

UNION ALL
SELECT 'PRE_DATA', 'function ' || f.id,
       concat_ws(' ', 'owner', f.proowner::regrole, f.prokind, l.lanname, regexp_replace(pg_get_function_arguments(f.oid), '(^|, )IN ', '\1', 'g'), 'returns', pg_get_function_result(f.oid),
                 f.provolatile, f.proisstrict, f.prosecdef, f.proleakproof, f.proparallel, f.procost, f.prorows, f.proconfig::text, f.probin,
                 CASE WHEN f.prosrc = '' AND l.lanname = 'sql' AND f.prokind <> 'a' THEN pg_get_functiondef(f.oid) ELSE md5(f.prosrc) END,
                 (SELECT concat_ws(' ', g.aggkind, g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn, g.aggmtransfn, g.aggminvtransfn,
                                   g.aggmfinalfn, g.aggfinalextra, g.aggfinalmodify, g.aggtranstype::regtype, g.aggtransspace, g.agginitval, nullif(g.aggsortop, 0)::regoperator)
                    FROM pg_aggregate g WHERE g.aggfnoid = f.oid)),
       f.prosrc = '' AND l.lanname = 'sql'
  FROM fun f JOIN pg_language l ON l.oid = f.prolang

UNION ALL
SELECT 'PRE_DATA', 'collation ' || quote_ident(ns.nspname) || '.' || quote_ident(c.collname),
       concat_ws(' ', 'owner', c.collowner::regrole, c.collprovider, c.collisdeterministic,
                 coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', c.collcollate::text)), false
  FROM pg_collation c JOIN ns ON ns.oid = c.collnamespace
 WHERE (c.oid, 'pg_collation'::regclass::oid) NOT IN (SELECT objid, classid FROM members)

UNION ALL
SELECT 'PRE_DATA', i.type || ' ' || i.identity, coalesce(o.definition, ''), false
  FROM others o CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) i, excluded e
 WHERE o.oid >= 16384 AND (o.oid, o.class) NOT IN (SELECT objid, classid FROM members)
   AND (i.schema IS NULL OR i.schema <> ALL (e.schemas))
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'i' AND o.class = 'pg_cast'::regclass)

UNION ALL
SELECT 'POST_DATA', 'definition of ' || r.id, pg_get_viewdef(r.oid), true
  FROM rel r WHERE r.relkind IN ('v', 'm')

UNION ALL
-- what the text above loses when its qualifiers are taken away
SELECT 'POST_DATA', 'columns read by ' || r.id,
       (SELECT coalesce(string_agg(DISTINCT i.identity, ',' ORDER BY i.identity), '')
          FROM pg_rewrite w
          JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.deptype = 'n'
               AND NOT (d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid)
         CROSS JOIN LATERAL pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) i
         WHERE w.ev_class = r.oid AND w.rulename = '_RETURN'
           AND NOT (d.refclassid = 'pg_class'::regclass AND d.refobjsubid = 0)), false
  FROM rel r WHERE r.relkind IN ('v', 'm')

UNION ALL
SELECT 'POST_DATA', 'constraint ' || quote_ident(k.conname) || ' on ' || r.id, pg_get_constraintdef(k.oid), false
  FROM pg_constraint k JOIN rel r ON r.oid = k.conrelid
 WHERE k.contype IN ('c', 'p', 'u', 'x', 'f') AND NOT (k.contype = 'f' AND k.conparentid <> 0)

UNION ALL
SELECT 'POST_DATA', 'index ' || x.relname || ' on ' || r.id,
       concat_ws(' ', pg_get_indexdef(i.indexrelid), CASE WHEN i.indisclustered THEN 'clustered' END, CASE WHEN i.indisreplident THEN 'replica identity' END,
                 CASE WHEN NOT i.indisvalid THEN 'invalid' END), false
  FROM pg_index i JOIN rel r ON r.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid

UNION ALL
SELECT 'POST_DATA', 'row security and identity of ' || r.id, concat_ws(' ', r.relrowsecurity, r.relreplident), false
  FROM rel r WHERE r.relkind IN ('r', 'p')

UNION ALL
SELECT 'POST_DATA', 'rule ' || quote_ident(w.rulename) || ' on ' || r.id, w.ev_enabled::text || ' ' || pg_get_ruledef(w.oid), true
  FROM pg_rewrite w JOIN rel r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'

UNION ALL
SELECT 'POST_DATA', 'trigger ' || quote_ident(t.tgname) || ' on ' || r.id, t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid), false
  FROM pg_trigger t JOIN rel r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgname <> 'switchback_fence'

UNION ALL
SELECT 'POST_DATA', 'policy ' || quote_ident(p.polname) || ' on ' || r.id,
       concat_ws(' ', p.polcmd, p.polpermissive,
                 (SELECT string_agg(CASE u WHEN 0 THEN 'public' ELSE u::regrole::text END, ',' ORDER BY u::regrole::text COLLATE "C") FROM unnest(p.polroles) u),
                 pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)), true
  FROM pg_policy p JOIN rel r ON r.oid = p.polrelid

UNION ALL
SELECT 'POST_DATA', 'statistics ' || quote_ident(ns.nspname) || '.' || quote_ident(s.stxname), s.stxowner::regrole || ' ' || pg_get_statisticsobjdef(s.oid), false
  FROM pg_statistic_ext s JOIN ns ON ns.oid = s.stxnamespace

UNION ALL
SELECT 'POST_DATA', 'comment on ' || i.type || ' ' || i.identity, d.description, false
  FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i, excluded e
 WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass AND d.objoid = 'public'::regnamespace)
   -- subscriptions are not carried; ours keep a note in their comment
   AND d.classoid NOT IN ('pg_largeobject'::regclass, 'pg_extension'::regclass, 'pg_subscription'::regclass)
   AND (d.objoid, d.classoid) NOT IN (SELECT objid, classid FROM members)
   AND (i.schema IS NULL OR i.schema <> ALL (e.schemas))
   AND NOT (d.classoid = 'pg_namespace'::regclass AND i.name = ANY (e.schemas))
   AND NOT (d.classoid = 'pg_namespace'::regclass AND d.description = 'standard public schema')

UNION ALL
SELECT 'LAST', 'event trigger ' || quote_ident(t.evtname),
       concat_ws(' ', t.evtevent, t.evtenabled, t.evtowner::regrole, t.evtfoid::regproc, t.evttags::text), false
  FROM pg_event_trigger t
 WHERE t.evtname <> 'switchback_fence_ddl' AND (t.oid, 'pg_event_trigger'::regclass::oid) NOT IN (SELECT objid, classid FROM members)

UNION ALL
SELECT 'LAST', 'materialized view ' || r.id || ' is filled', r.relispopulated::text, false FROM rel r WHERE r.relkind = 'm'

UNION ALL
SELECT 'PRIVILEGES', 'privileges on ' || a.object,
       (SELECT coalesce(string_agg(DISTINCT g.word, ',' ORDER BY g.word), '')
          FROM (SELECT coalesce(quote_ident(o.rolname), 'PUBLIC') || '=' || x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END AS word
                  FROM aclexplode(coalesce(a.acl, acldefault(a.kind::"char", a.owner))) x
                  LEFT JOIN pg_roles o ON o.oid = x.grantee
                  LEFT JOIN pg_roles b ON b.oid = x.grantor
                 WHERE x.privilege_type <> 'MAINTAIN'
                   AND NOT coalesce(o.rolname = ANY (e.roles) OR o.rolname LIKE 'switchback\_%', false)
                   AND (x.grantor = a.owner OR NOT coalesce(b.rolname = ANY (e.roles), false))) g), false
  FROM acls a, excluded e

UNION ALL
SELECT 'PRIVILEGES', 'default privileges of ' || quote_ident(r.rolname) || coalesce(' in ' || quote_ident(n.nspname), '') || ' on ' || d.defaclobjtype::text || ': ' || g.word, g.sign, false
  FROM pg_default_acl d
  JOIN pg_roles r ON r.oid = d.defaclrole
  LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
 CROSS JOIN excluded e
 CROSS JOIN LATERAL (
   SELECT CASE WHEN x.given THEN 'granted' ELSE 'revoked' END AS sign,
          coalesce(quote_ident(o.rolname), 'PUBLIC') || '=' || x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END AS word
     FROM (SELECT true AS given, y.* FROM (SELECT grantee, privilege_type, is_grantable FROM aclexplode(d.defaclacl)
           EXCEPT SELECT grantee, privilege_type, is_grantable
                    FROM aclexplode(CASE WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END)) y
           UNION ALL
           SELECT false, z.* FROM (SELECT grantee, privilege_type, is_grantable
                    FROM aclexplode(CASE WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END)
           EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(d.defaclacl)) z) x
     LEFT JOIN pg_roles o ON o.oid = x.grantee
    WHERE x.privilege_type <> 'MAINTAIN' AND NOT coalesce(o.rolname = ANY (e.roles), false)) g
 WHERE r.rolname <> ALL (e.roles) AND (n.oid IS NULL OR n.nspname <> ALL (e.schemas))
