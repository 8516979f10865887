-- Sequences past 70 % of what they, or the column they feed, can hold.
WITH reach AS (
  SELECT s.seqrelid, pg_catalog.pg_sequence_last_value(s.seqrelid) AS last_value,
         least(s.seqmax, CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 END) AS limit
    FROM pg_catalog.pg_sequence s
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = s.seqrelid
         AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
   WHERE s.seqincrement > 0 AND NOT s.seqcycle
)
SELECT format('%I.%I', n.nspname, c.relname),
       'stands at ' || r.last_value || ', ' || floor(100.0 * r.last_value / r.limit) || ' % of ' || r.limit
  FROM reach r
  JOIN pg_catalog.pg_class c ON c.oid = r.seqrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE r.last_value > 0.7 * r.limit AND n.nspname <> ALL (/*schemas*/)
 ORDER BY 1
