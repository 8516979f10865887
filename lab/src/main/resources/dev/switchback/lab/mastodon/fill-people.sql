-- First session: people and what they do.
INSERT INTO accounts (id, username, domain, display_name, note, uri, public_key, private_key, fields,
                      also_known_as, location, locked, moved_to_account_id, suspended_at, created_at, updated_at)
SELECT pg_temp.account_id(n), 'user_' || n,
       CASE WHEN n % 5 > 0 THEN 'instance' || n % 397 || '.example' END,
       (ARRAY['Ada', 'Björn', 'Χρήστος', '村上', 'O''Neil', '🐘', 'Zoë', 'Łukasz'])[1 + n % 8] || ' ' || n,
       CASE n % 7 WHEN 0 THEN E'tab\there, back\\slash, new\nline, \\N' ELSE md5(n::text) || ' ' || md5((n + 1)::text) END,
       CASE WHEN n % 5 > 0 THEN 'https://instance' || n % 397 || '.example/users/' || n ELSE '' END,
       '-----BEGIN PUBLIC KEY-----' || k.a || k.b || k.a || k.b || k.a || k.b || '-----END PUBLIC KEY-----',
       CASE WHEN n % 5 = 0 THEN k.b || k.a || k.b || k.a || k.a || k.a || k.b END,
       jsonb_build_array(jsonb_build_object('name', 'site', 'value', 'https://' || n || '.example')),
       CASE WHEN n % 50 = 0 THEN ARRAY['https://old.example/' || n, NULL, 'a "quoted", {one}'] ELSE '{}' END,
       CASE WHEN n % 20 = 0 THEN ROW(n % 90 + 0.1, n % 180 / 3.0)::geo_point END,
       n % 11 = 0, CASE WHEN n % 400 = 0 THEN pg_temp.account_id(n - 1) END,
       CASE WHEN n % 333 = 0 THEN pg_temp.at(n) END,
       timestamptz '2023-01-01 00:00:00+00' + n * interval '10 min', pg_temp.at(n)
FROM generate_series(1, pg_temp.scaled(40000)) n,
     LATERAL (SELECT md5('k' || n) || md5('l' || n) AS a, md5('m' || n) || md5('o' || n) AS b) k;

INSERT INTO account_stats SELECT pg_temp.account_id(n), n % 97, n % 31, n % 53, pg_temp.at(n)
FROM generate_series(1, pg_temp.scaled(40000)) n;

INSERT INTO users (email, account_id, state, encrypted_password, chosen_languages, settings, sign_in_count,
                   current_sign_in_ip, current_sign_in_at, created_at, updated_at)
SELECT 'Person.' || n || '@mail' || n % 13 || '.example', pg_temp.account_id(5 * n),
       (ARRAY['pending', 'waitlisted', 'approved', 'rejected'])[1 + n % 4]::sign_up_state, '$2a$10$' || md5(n::text),
       CASE WHEN n % 3 = 0 THEN ARRAY['de', 'en'] END,
       jsonb_build_object('theme', 'dark', 'n', n, 'nested', jsonb_build_object('null', NULL, 'pi', 3.14)),
       n % 1000, ('10.' || n % 256 || '.0.1')::inet, pg_temp.at(n), pg_temp.at(n), pg_temp.at(n)
FROM generate_series(1, pg_temp.scaled(40000) / 5) n;

INSERT INTO follows (account_id, target_account_id, show_reblogs, languages, created_at)
SELECT pg_temp.account_id(1 + n % a), pg_temp.account_id(1 + (n % a + 1 + n / a * 13) % a),
       n % 4 > 0, CASE WHEN n % 9 = 0 THEN ARRAY['en', NULL] END, pg_temp.at(n)
FROM pg_temp.scaled(40000) a, generate_series(0, pg_temp.scaled(160000) - 1) n;

INSERT INTO notifications (account_id, from_account_id, type, activity_id, created_at)
SELECT pg_temp.account_id(1 + n % a), pg_temp.account_id(1 + n * 7 % a),
       (ARRAY['mention', 'favourite', 'reblog', 'follow'])[1 + n % 4], n, pg_temp.at(n)
FROM pg_temp.scaled(40000) a, generate_series(1, pg_temp.scaled(200000)) n;

INSERT INTO web_push_subscriptions (user_id, endpoint, key_auth, data)
SELECT n, 'https://push.example/' || md5(n::text), decode(md5(n::text), 'hex'), '{"alerts": {"poll": true}}'
FROM generate_series(1, pg_temp.scaled(4000)) n;
INSERT INTO markers (user_id, timeline, last_read_id)
SELECT n, t, n * 1000 FROM generate_series(1, pg_temp.scaled(4000)) n, unnest(ARRAY['home', 'notifications']) t;
INSERT INTO invites (user_id, max_uses, valid_for)
SELECT n, 1 + n % 10, n * interval '1 hour' FROM generate_series(1, pg_temp.scaled(500)) n;

INSERT INTO audit_log (happened_at, account_id, action, target)
SELECT timestamptz '2023-03-01 00:00:00+00' + n % 1000 * interval '1 day',
       CASE WHEN n % 10 > 0 THEN pg_temp.account_id(1 + n % a) END,
       (ARRAY['update', 'silence', 'resolve'])[1 + n % 3], jsonb_build_object('n', n, 'why', md5(n::text))
FROM pg_temp.scaled(40000) a, generate_series(1, pg_temp.scaled(60000)) n;
-- rows that look exactly alike, because nothing forbids it
INSERT INTO login_activities (account_id, success, ip, user_agent, at)
SELECT pg_temp.account_id(1 + n % a), n % 10 > 0, '192.0.2.7', 'Mozilla/5.0 (X11; Linux x86_64)', pg_temp.at(n / 3)
FROM pg_temp.scaled(40000) a, generate_series(1, pg_temp.scaled(60000)) n;

INSERT INTO domain_blocks (domain, severity, private_comment)
SELECT 'bad' || n || '.example', n % 3, CASE WHEN n % 2 = 0 THEN '' END FROM generate_series(1, pg_temp.scaled(300)) n;
INSERT INTO settings (var, value)
VALUES ('site_title', '"Mastodon of the lab"'), ('registrations', 'null'), ('weights', '[1, 2.50, 1e3]'), ('none', NULL);
INSERT INTO announcements (text, shown, position)
SELECT 'window ' || n, tstzrange(pg_temp.at(n), pg_temp.at(n + 1)), n FROM generate_series(1, 40) n;
INSERT INTO preview_card_cache (url, html)
SELECT 'https://news.example/' || n, repeat('<p>' || md5(n::text) || '</p>', 20) FROM generate_series(1, pg_temp.scaled(5000)) n;

INSERT INTO "Moderation Desk"."Report ""Case"""
SELECT n, pg_temp.account_id(n), 'it''s ' || n, n * 1.000001, CASE WHEN n % 3 = 0 THEN 'NaN' ELSE n / 3.0 END, n::bit(8),
       CASE WHEN n % 5 = 0 THEN 'infinity' ELSE date '0044-03-15 BC' + n END, n * interval '1 month 1 day 1 us',
       timestamp '2024-02-29 23:59:59.999999' + n * interval '1 us'
FROM generate_series(1, 20) n;
INSERT INTO "Moderation Desk".notes (body) SELECT 'note ' || n FROM generate_series(1, 20) n;
INSERT INTO "Moderation Desk".warnings (body, level) SELECT 'warning ' || n, n FROM generate_series(1, 20) n;
SELECT setval('"Moderation Desk"."Report ""Case""_Id_seq"', 20);

-- large objects, the application's own; one is referenced by no row
SET ROLE mastodon;
INSERT INTO account_backups (account_id, archive)
SELECT pg_temp.account_id(n), lo_from_bytea(0, decode(repeat(md5(n::text), 200 + n % 500), 'hex'))
FROM generate_series(1, pg_temp.scaled(250)) n;
INSERT INTO account_backups (account_id, archive) VALUES (pg_temp.account_id(1), NULL), (pg_temp.account_id(2), lo_create(0));
DO $$
DECLARE
    stray oid := lo_from_bytea(0, 'referenced by no row');
BEGIN
    EXECUTE format('GRANT SELECT ON LARGE OBJECT %s TO mastodon_reader', stray);
    EXECUTE format('COMMENT ON LARGE OBJECT %s IS %L', stray, 'stray');
END
$$;
RESET ROLE;

SELECT setval('accounts_id_seq', pg_temp.scaled(40000));
