-- The options of CREATE DATABASE for a database like this one. Parameter: its name.
SELECT concat_ws(' ',
         'TEMPLATE template0',
         'OWNER ' || quote_ident(r.rolname),
         'ENCODING ' || quote_literal(pg_encoding_to_char(d.encoding)),
         'LOCALE_PROVIDER ' || CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'c' THEN 'libc' END,
         CASE WHEN to_jsonb(d) ->> 'datlocprovider' = 'i' THEN 'ICU_LOCALE ' || quote_literal(coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')) END,
         CASE WHEN to_jsonb(d) ->> 'datlocprovider' = 'b' THEN 'BUILTIN_LOCALE ' || quote_literal(to_jsonb(d) ->> 'datlocale') END,
         'ICU_RULES ' || quote_literal(to_jsonb(d) ->> 'daticurules'),
         'LC_COLLATE ' || quote_literal(d.datcollate),
         'LC_CTYPE ' || quote_literal(d.datctype),
         'TABLESPACE ' || quote_ident(t.spcname),
         'CONNECTION LIMIT ' || d.datconnlimit,
         'IS_TEMPLATE ' || d.datistemplate)
  FROM pg_database d
  JOIN pg_roles r ON r.oid = d.datdba
  JOIN pg_tablespace t ON t.oid = d.dattablespace
 WHERE d.datname = ?
