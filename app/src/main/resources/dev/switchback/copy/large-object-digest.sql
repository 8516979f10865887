-- How many large objects there are, and an order-free sum over their OIDs, owners and pages.
SELECT (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata),
       (SELECT coalesce(sum(hashtextextended(m.oid || ' ' || r.rolname, 0)::numeric), 0)
          FROM pg_catalog.pg_largeobject_metadata m JOIN pg_catalog.pg_roles r ON r.oid = m.lomowner)
       || ' ' ||
       (SELECT coalesce(sum(hashtextextended(loid || ' ' || pageno || ' ' || md5(data), 0)::numeric), 0)
          FROM pg_catalog.pg_largeobject)
