-- Where indexes stand and how much work they are. Parameter: OIDs.
SELECT i.indexrelid::bigint, i.indrelid::bigint, t.relkind::text,
       CASE WHEN x.relkind = 'i' THEN pg_catalog.pg_relation_size(x.oid) ELSE 0 END
         * CASE WHEN a.amname = 'btree' THEN 1 ELSE 5 END
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
  JOIN pg_catalog.pg_am a ON a.oid = x.relam
 WHERE i.indexrelid = ANY (CAST(? AS oid[]))
