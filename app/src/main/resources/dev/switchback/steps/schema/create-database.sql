-- CREATE DATABASE for one like this. Parameter: the major of the server that is to run it; from 15 on a provider must be
-- named, because template0 may have another than libc.
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L',
              d.datname, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)
       || CASE coalesce(to_jsonb(d) ->> 'datlocprovider', 'c')
            WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))
                          || coalesce(format(' ICU_RULES %L', to_jsonb(d) ->> 'daticurules'), '')
            WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', to_jsonb(d) ->> 'datlocale')
            ELSE CASE WHEN ? >= 15 THEN ' LOCALE_PROVIDER libc' ELSE '' END
          END
  FROM pg_catalog.pg_database d
 WHERE d.datname = current_database()
