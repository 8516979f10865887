-- Databases that come near the end of transaction or multixact numbers.
SELECT datname, 'is ' || age(datfrozenxid) || ' transactions and ' || mxid_age(datminmxid) || ' multixacts old'
  FROM pg_catalog.pg_database
 WHERE greatest(age(datfrozenxid), mxid_age(datminmxid)) > 1000000000
 ORDER BY 1
