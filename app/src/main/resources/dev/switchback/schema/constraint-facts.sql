-- Constraints that need more than their own statement. Parameter: OIDs.
SELECT k.oid::bigint, k.contype::text, k.conrelid::bigint, t.relkind::text,
       k.convalidated,
       format('%I.%I', n.nspname, t.relname), quote_ident(k.conname),
       CASE WHEN k.conindid = 0 OR k.contype NOT IN ('p', 'u') OR coalesce(to_jsonb(k) ->> 'conperiod', 'f') IN ('t', 'true')
            THEN '' ELSE pg_catalog.pg_get_indexdef(k.conindid) END,
       CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END || CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END,
       CASE WHEN k.conindid = 0 OR t.relkind = 'p' THEN 0 ELSE pg_catalog.pg_relation_size(k.conindid) END,
       pg_catalog.pg_relation_size(k.conrelid),
       coalesce(to_jsonb(k) ->> 'conenforced', 'true') IN ('t', 'true'), k.confrelid::bigint,
       coalesce((SELECT r.relkind = 'p' FROM pg_catalog.pg_class r WHERE r.oid = k.confrelid), false)
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class t ON t.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
 WHERE k.oid = ANY (CAST(? AS oid[]))
