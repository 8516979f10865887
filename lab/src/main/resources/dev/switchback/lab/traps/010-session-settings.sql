-- trap: DateStyle, IntervalStyle, TimeZone and search_path set on role, database and server
-- why: text copied under one setting and read under another becomes another date without an error
CREATE SCHEMA t_settings;
CREATE TABLE t_settings.t (id int PRIMARY KEY, d date, ts timestamp, tz timestamptz, i interval, f double precision, m money);
INSERT INTO t_settings.t VALUES
  (1, '2024-03-04', '2024-03-04 05:06:07.123456', '2024-03-04 05:06:07.123456+05:30', '1 year 2 mons -3 days 04:05:06.789', 0.1::float8 + 0.2, 1234.56),
  (2, 'infinity', '-infinity', 'infinity', '-1 day +01:00', 'NaN', -0.01),
  (3, '0044-03-15 BC', '0044-03-15 12:00:00 BC', '0044-03-15 12:00:00+00 BC', '00:00:00', '-Infinity', 0);
CREATE FUNCTION t_settings.f() RETURNS text LANGUAGE sql SET search_path = t_settings AS $$ SELECT 'f' $$;
ALTER DATABASE :database SET datestyle = 'SQL, DMY';
ALTER DATABASE :database SET intervalstyle = 'sql_standard';
ALTER DATABASE :database SET timezone = 'Asia/Kolkata';
ALTER DATABASE :database SET search_path = 't_settings', 'public';
ALTER DATABASE :database SET extra_float_digits = '-3';
ALTER DATABASE :database SET bytea_output = 'escape';
-- same: SELECT id, d::text, ts::text, tz::text, i::text, float8send(f)::text, cash_send(m)::text FROM t_settings.t ORDER BY id
-- same: SELECT c FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) c JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database() AND s.setrole = 0 ORDER BY c COLLATE "C"
