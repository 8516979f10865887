-- How every table that can be published tells its rows apart, and by what it could.
-- Parameter: schemas left out. Extension members are left out: they are not published.
-- "Usable" is what the server itself demands: unique, valid, immediate, whole, and without a generated
-- column, because those are not sent.
WITH RECURSIVE published AS (
  SELECT c.oid, n.nspname, c.relname, c.relreplident, c.reltuples
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind = 'r' AND c.relpersistence = 'p'
     AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     AND n.nspname <> ALL (?)
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),
key AS (
  SELECT i.indrelid, i.indexrelid, x.relname, i.indisprimary, i.indisreplident, i.indisexclusion, i.indnkeyatts,
         EXISTS (SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                   LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                  WHERE k.place <= i.indnkeyatts AND (k.attnum <= 0 OR NOT a.attnotnull)) AS gaps,
         EXISTS (SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                   JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                  WHERE k.place <= i.indnkeyatts AND a.attgenerated <> '') AS generated
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
   WHERE i.indisunique AND i.indisvalid AND i.indisready AND i.indislive AND i.indimmediate AND i.indpred IS NULL),
part (whole, type) AS (
  SELECT DISTINCT a.atttypid, a.atttypid
    FROM published p
    JOIN pg_catalog.pg_attribute a ON a.attrelid = p.oid AND a.attnum > 0 AND NOT a.attisdropped
   UNION
  SELECT p.whole, inside.type
    FROM part p
    JOIN pg_catalog.pg_type t ON t.oid = p.type
   CROSS JOIN LATERAL (
      SELECT t.typbasetype WHERE t.typtype = 'd'
       UNION ALL
      SELECT t.typelem WHERE t.typtype <> 'd' AND t.typelem <> 0 AND t.typlen = -1
       UNION ALL
      SELECT a.atttypid FROM pg_catalog.pg_attribute a
       WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS inside (type)),
-- what the apply worker cannot compare: it asks for the equality of a default btree or hash operator class
incomparable AS (
  SELECT DISTINCT p.whole
    FROM part p
    JOIN pg_catalog.pg_type t ON t.oid = p.type
   WHERE t.typtype NOT IN ('d', 'c') AND NOT (t.typelem <> 0 AND t.typlen = -1)
     AND NOT EXISTS (
       SELECT FROM pg_catalog.pg_opclass o
         JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod AND m.amname IN ('btree', 'hash')
         JOIN pg_catalog.pg_type ot ON ot.oid = o.opcintype
        WHERE o.opcdefault
          AND (o.opcintype = t.oid
               OR (t.typtype = 'e' AND ot.typname = 'anyenum')
               OR (t.typtype = 'r' AND ot.typname = 'anyrange')
               OR (t.typtype = 'm' AND ot.typname = 'anymultirange')
               OR EXISTS (SELECT FROM pg_catalog.pg_cast k
                           WHERE k.castsource = t.oid AND k.casttarget = o.opcintype
                             AND k.castmethod = 'b' AND k.castcontext = 'i'))))
SELECT p.nspname, p.relname, p.relreplident::text,
       (SELECT k.relname FROM key k WHERE k.indrelid = p.oid AND k.indisreplident),
       coalesce((SELECT NOT k.generated FROM key k WHERE k.indrelid = p.oid AND k.indisprimary), false),
       coalesce((SELECT NOT k.generated AND NOT k.gaps FROM key k WHERE k.indrelid = p.oid AND k.indisreplident), false),
       EXISTS (SELECT FROM key k WHERE k.indrelid = p.oid AND k.indisprimary AND k.generated),
       (SELECT k.relname FROM key k
         WHERE k.indrelid = p.oid AND NOT k.gaps AND NOT k.generated AND NOT k.indisexclusion
         ORDER BY k.indnkeyatts, pg_catalog.pg_relation_size(k.indexrelid), k.relname COLLATE "C" LIMIT 1),
       (SELECT a.attname || ' (' || pg_catalog.format_type(a.atttypid, a.atttypmod) || ')'
          FROM pg_catalog.pg_attribute a
          JOIN incomparable x ON x.whole = a.atttypid
         WHERE a.attrelid = p.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
         ORDER BY a.attnum LIMIT 1),
       coalesce(pg_catalog.pg_stat_get_tuples_updated(p.oid) + pg_catalog.pg_stat_get_tuples_deleted(p.oid), 0),
       greatest(p.reltuples, pg_catalog.pg_stat_get_live_tuples(p.oid), 0)::int8
  FROM published p
 ORDER BY p.nspname COLLATE "C", p.relname COLLATE "C"
