-- One text form for every value on both ends, no hidden rows, no timeouts but for locks.
-- Settings that this major does not know are left out by the join.
SELECT set_config(p.name, p.value, false)
  FROM (VALUES ('datestyle', 'ISO, YMD'),
               ('intervalstyle', 'postgres'),
               ('timezone', 'UTC'),
               ('extra_float_digits', '3'),
               ('bytea_output', 'hex'),
               ('xmloption', 'content'),
               ('lc_monetary', 'C'),
               ('lc_numeric', 'C'),
               ('row_security', 'off'),
               ('standard_conforming_strings', 'on'),
               ('synchronize_seqscans', 'off'),
               ('search_path', 'pg_catalog'),
               ('statement_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'),
               ('idle_session_timeout', '0'),
               ('transaction_timeout', '0'),
               ('lock_timeout', '60s')) AS p(name, value)
  JOIN pg_settings s ON lower(s.name) = p.name
