-- Large objects by OID: owner, grants, length, and an order-free sum over pages that hold more than zeros.
-- A page is padded and a page of zeros left out, because a hole and written zeros read the same.
SELECT m.oid::bigint,
       coalesce(r.rolname::text, m.lomowner::text),
       coalesce((SELECT string_agg(coalesce(g.rolname::text, 'PUBLIC') || '=' || x.privilege_type
                                   || CASE WHEN x.is_grantable THEN '*' ELSE '' END, ','
                                   ORDER BY coalesce(g.rolname::text, 'PUBLIC') COLLATE "C", x.privilege_type)
                   FROM (SELECT DISTINCT e.* FROM aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) e) x
                   LEFT JOIN pg_roles g ON g.oid = x.grantee), ''),
       coalesce(p.bytes, 0),
       coalesce(p.digest, 0)::text
  FROM pg_largeobject_metadata m
  LEFT JOIN pg_roles r ON r.oid = m.lomowner
  LEFT JOIN (SELECT loid, max(pageno::bigint * 2048 + length(data)) AS bytes,
                    sum(hashtextextended(pageno || ' ' || page, 0)) FILTER (WHERE page <> zeros.page_of_zeros) AS digest
               FROM (SELECT loid, pageno, data,
                            md5(data || substring(decode(repeat('00', 2048), 'hex') FROM 1 FOR 2048 - length(data))) AS page
                       FROM pg_largeobject) pages
              CROSS JOIN (SELECT md5(decode(repeat('00', 2048), 'hex')) AS page_of_zeros) zeros
              GROUP BY loid) p ON p.loid = m.oid
 ORDER BY m.oid
