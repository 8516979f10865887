-- The first pg_hba rule that speaks about a TLS session of a role from an address: line, method.
-- Parameters: database, role, address. Rules by host name or by the server's own networks cannot be judged from
-- here and are passed over, as are groups: the role is in none.
SELECT r.line_number, r.auth_method
  FROM pg_catalog.pg_hba_file_rules r
 CROSS JOIN (VALUES (?::text, ?::text, ?::inet)) AS client (database, role, address)
 WHERE r.error IS NULL AND r.type IN ('host', 'hostssl')
   AND EXISTS (SELECT FROM unnest(r.database) d
                WHERE d = 'all' OR d = client.database OR (d = 'sameuser' AND client.database = client.role)
                   OR (d LIKE '/%' AND client.database ~ substr(d, 2)))
   AND EXISTS (SELECT FROM unnest(r.user_name) u
                WHERE u = 'all' OR u = client.role OR (u LIKE '/%' AND client.role ~ substr(u, 2)))
   AND CASE WHEN r.address = 'all' THEN true
            WHEN r.netmask IS NULL THEN false
            WHEN family(r.address::inet) <> family(client.address) THEN false
            ELSE (client.address & r.netmask::inet) = (r.address::inet & r.netmask::inet) END
 ORDER BY r.line_number LIMIT 1
