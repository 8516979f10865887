-- Second session: posts and what refers to them.
INSERT INTO conversations (id, uri, created_at)
SELECT n, CASE WHEN n % 4 = 0 THEN 'tag:instance.example,2024:conversation:' || n END, pg_temp.at(n)
FROM generate_series(1, pg_temp.scaled(60000)) n;

INSERT INTO statuses (id, account_id, text, spoiler_text, visibility, language, uri, conversation_id, in_reply_to_id,
                      reblog_of_id, ordered_media_attachment_ids, sensitive, edited_at, deleted_at, created_at, updated_at)
SELECT pg_temp.status_id(n), pg_temp.account_id(1 + (n * 17) % a),
       'Post ' || n || E' 🐘 „Grüße“\n' || t.h || ' ' || reverse(t.h) || ' ' || upper(t.h)
           || CASE WHEN n % 9 = 0 THEN repeat(' ' || t.h, n % 40) ELSE '' END,
       CASE WHEN n % 25 = 0 THEN 'cw' ELSE '' END,
       (ARRAY['public', 'public', 'unlisted', 'private', 'direct'])[1 + n % 5]::status_visibility,
       (ARRAY['en', 'de', 'ja', NULL])[1 + n % 4],
       CASE WHEN n % 5 > 0 THEN 'https://instance' || n % 397 || '.example/statuses/' || n END,
       1 + n % c, CASE WHEN n % 6 = 0 THEN pg_temp.status_id(n - 1 - n % 5) END,
       CASE WHEN n % 10 = 7 THEN pg_temp.status_id(n - 3) END,
       CASE WHEN n % 8 = 0 THEN ARRAY[n::bigint, n + 1::bigint] END,
       n % 30 = 0, CASE WHEN n % 40 = 0 THEN pg_temp.at(n + 5) END, CASE WHEN n % 100 = 0 THEN pg_temp.at(n + 9) END,
       pg_temp.at(n), pg_temp.at(n)
FROM pg_temp.scaled(40000) a, pg_temp.scaled(60000) c, generate_series(1, pg_temp.scaled(130000)) n,
     LATERAL (SELECT md5('s' || n) AS h) t;

INSERT INTO status_stats (status_id, replies_count, reblogs_count, favourites_count)
SELECT pg_temp.status_id(n), n % 7, n % 3, n % 19 FROM generate_series(1, pg_temp.scaled(130000)) n WHERE n % 3 > 0;

INSERT INTO favourites (account_id, status_id, created_at)
SELECT pg_temp.account_id(1 + ((n % s) * 31 + n / s * 17) % a), pg_temp.status_id(1 + n % s), pg_temp.at(n)
FROM pg_temp.scaled(40000) a, pg_temp.scaled(130000) s, generate_series(0, pg_temp.scaled(170000) - 1) n;

INSERT INTO mentions (account_id, status_id, silent)
SELECT pg_temp.account_id(1 + (n * 13) % a), pg_temp.status_id(1 + n), n % 50 = 0
FROM pg_temp.scaled(40000) a, generate_series(0, pg_temp.scaled(90000) - 1) n;

INSERT INTO media_attachments (id, status_id, account_id, file_meta, blurhash, checksum, created_at)
SELECT pg_temp.status_id(n) + 65536, CASE WHEN n % 9 > 0 THEN pg_temp.status_id(n) END, pg_temp.account_id(1 + n % a),
       jsonb_build_object('original', jsonb_build_object('width', n % 4000, 'height', n % 3000, 'size', n),
                          'focus', jsonb_build_object('x', 0.1, 'y', n % 10 / 10.0), 'mime', 'image/' || n % 4),
       'U' || substr(md5('b' || n), 1, 27), decode(md5('c' || n), 'hex'), pg_temp.at(n)
FROM pg_temp.scaled(40000) a, generate_series(1, pg_temp.scaled(50000)) n;

INSERT INTO tags (name, usable)
SELECT 'tag_' || n, CASE WHEN n % 3 > 0 THEN n % 2 = 0 END FROM generate_series(1, pg_temp.scaled(5000)) n;
INSERT INTO statuses_tags (status_id, tag_id)
SELECT pg_temp.status_id(1 + n), 1 + (n * 7) % g
FROM pg_temp.scaled(5000) g, generate_series(0, pg_temp.scaled(100000) - 1) n;

INSERT INTO polls (status_id, options, cached_tallies)
SELECT pg_temp.status_id(n), ARRAY['yes', 'no', 'it''s, {complicated}'], ARRAY[n, 2, 3]
FROM generate_series(1, pg_temp.scaled(2000)) n;
INSERT INTO poll_votes (poll_id, account_id, choice)
SELECT 1 + n % p, pg_temp.account_id(1 + n % a), n % 3
FROM pg_temp.scaled(2000) p, pg_temp.scaled(40000) a, generate_series(1, pg_temp.scaled(40000)) n;

SELECT setval('conversations_id_seq', pg_temp.scaled(60000)),
       setval('statuses_id_seq', pg_temp.scaled(130000)),
       setval('media_attachments_id_seq', pg_temp.scaled(50000));
