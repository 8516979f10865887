-- One row for each foreign key of the user's: name, table, whether it is validated, and a query that counts
-- the rows whose reference leads nowhere. Keys over periods are left to the server. Parameter: schemas left out.
SELECT k.conname, k.conrelid::regclass::text, k.convalidated,
       format('SELECT count(*) FROM %s%s c WHERE %s AND NOT EXISTS (SELECT FROM %s%s p WHERE %s)',
              CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, k.conrelid::regclass,
              (SELECT string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ' ORDER BY u.place)
                 FROM unnest(k.conkey) WITH ORDINALITY u(num, place) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num),
              CASE p.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, k.confrelid::regclass,
              (SELECT string_agg(format('p.%I OPERATOR(%I.%s) c.%I', b.attname, n.nspname, o.oprname, a.attname), ' AND ' ORDER BY u.place)
                 FROM unnest(k.conkey, k.confkey, k.conpfeqop) WITH ORDINALITY u(num, ref, op, place)
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num
                 JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.ref
                 JOIN pg_operator o ON o.oid = u.op JOIN pg_namespace n ON n.oid = o.oprnamespace))
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_class p ON p.oid = k.confrelid
  JOIN pg_namespace s ON s.oid = c.relnamespace
 WHERE k.contype = 'f' AND k.conparentid = 0 AND NOT coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false)
   AND s.nspname <> ALL (?)
 ORDER BY 2, 1
