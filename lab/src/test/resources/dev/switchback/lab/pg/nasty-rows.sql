SET session_replication_role = replica;
SET search_path = public;
INSERT INTO accounts (name, mood, spot, age, hours, tags, favourite_id, note)
  SELECT 'Name' || i, CASE i % 3 WHEN 0 THEN 'happy'::mood WHEN 1 THEN 'sad' END, ROW(i, 0.1 * i, 1.50)::point3, i,
         timerange(make_time(i % 24, 0, 0), NULL), ARRAY['a,b', NULL, 'c"d\e'], NULL, repeat('ü', i % 7)
    FROM generate_series(1, 500) i;
INSERT INTO posts (account_id, body, "Mixed; Case")
  SELECT 100 + 5 * (i % 500), 'body ' || i || E' tab\t newline\n backslash \\ end', nullif(i % 4, 0) FROM generate_series(1, 3000) i;
UPDATE accounts SET favourite_id = id / 100 WHERE id % 2 = 0;
INSERT INTO events SELECT date '2024-01-01' + i, chr(97 + i % 5), jsonb_build_object('i', i, 's', 1.50) FROM generate_series(0, 799) i;
INSERT INTO animals VALUES ('dog', 4);
INSERT INTO birds VALUES ('crow', 2, 2);
INSERT INTO sessions VALUES ('t1', '2024-03-04 05:06:07.123456+02');
INSERT INTO no_key VALUES (1, 'same'), (1, 'same'), (2, NULL), (3, '');
INSERT INTO "Odd ""schema"."Tab ""le; x" VALUES (1, 'ß', 1.0), (2, NULL, 1.00);
INSERT INTO "cron jobs".job VALUES (1, 'daily');
INSERT INTO nothing SELECT FROM generate_series(1, 3);
INSERT INTO only_generated DEFAULT VALUES;
INSERT INTO by_postgres VALUES (1, 'x');
INSERT INTO kinds VALUES
  (1, '{"b" : 1,  "a":1, "a":2}', '{"b": 1.50, "a": null}', '<a x="1">&amp;</a>', 'a:1A b:2', 'a & !b', '\x00ff5c', '-1234.56',
   '1 year 2 mons -3 days 04:05:06.7', 'NaN', '-0', '1.50', 'infinity', '24:00', '-infinity', gen_random_uuid(), '10.1.2.3/8',
   B'101', 'ab', '(1,-0)', '[1,5)', '{{1,2},{3,4}}', '{happy,sad}', 'accounts', 4711, ARRAY[ROW(1,2,3)::point3]),
  (2, NULL, NULL, NULL, '', NULL, '', NULL, '-1 mons +30 days', '1e-45', 'Infinity', 'NaN', '0044-03-15 BC', '00:00:00.000001',
   '2024-03-04 01:02:03.000004+05:30', NULL, '::1', '', '', NULL, 'empty', '[0:1]={7,8}', '{}', 'pg_class', 0, '{}'),
  (3, 'null', 'null', 'plain text', NULL, NULL, NULL, '0', '0', '1.1', 0.1::float8 + 0.2::float8, '1e-30', '2024-04-03', NULL,
   '9999-12-31 23:59:59+00', NULL, NULL, NULL, 'abcde', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
REFRESH MATERIALIZED VIEW post_counts;
REFRESH MATERIALIZED VIEW post_totals;
SELECT setval('down', -8, true), setval('public.posts_id_seq', 3001, false);
SELECT lo_create(770001), lo_create(770002), lo_create(770003);
SELECT lo_put(770001, 0, convert_to(repeat('large object ', 700), 'UTF8')), lo_put(770002, 1000000, '\xdeadbeef');
ALTER LARGE OBJECT 770001 OWNER TO app_owner;
GRANT SELECT ON LARGE OBJECT 770001 TO "app user", admin;
COMMENT ON LARGE OBJECT 770002 IS 'sparse; it''s';
RESET search_path;
RESET session_replication_role;
