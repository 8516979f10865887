-- Tables whose rows find their partition by the order of texts.
SELECT p.partrelid::regclass::text FROM pg_catalog.pg_partitioned_table p
 WHERE p.partstrat = 'r' AND EXISTS (SELECT FROM unnest(p.partcollation::oid[]) x(coll) WHERE x.coll <> 0)
 ORDER BY 1
