-- What decides how a database sorts, compares and folds case. Columns that a major does not have are null.
SELECT datname, pg_catalog.pg_encoding_to_char(encoding), coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),
       datcollate, datctype, coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', ''),
       coalesce(to_jsonb(d) ->> 'daticurules', '')
  FROM pg_catalog.pg_database d
 WHERE datname = ?
