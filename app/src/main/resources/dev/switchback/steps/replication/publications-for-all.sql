-- Publications that send every table, those included that we fill.
SELECT p.pubname, 'publication FOR ALL TABLES of ' || pg_get_userbyid(p.pubowner),
       format('DROP PUBLICATION %I until the migration is over, or publish its tables by name', p.pubname)
  FROM given, pg_catalog.pg_publication p
 WHERE p.puballtables AND p.pubname !~ '^switchback_'
 ORDER BY 1
