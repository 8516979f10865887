-- A shop: many types, one table with nearly half of the bytes, expression, partial, GIN and covering indexes, partitions.
-- Variable: scale; 1 is about 1 GB with indexes. The same scale gives the same rows.
SET synchronous_commit = off; SET max_parallel_workers_per_gather = 0; SET work_mem = '128MB';
SELECT (60000 * :scale)::int AS customers, (900000 * :scale)::int AS orders, (40000 * :scale)::int AS products, (250000 * :scale)::int AS visits,
       (100000 * :scale)::int AS tickets, (6000 * :scale)::int AS files \gset
CREATE EXTENSION pg_trgm; CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE SCHEMA other;
CREATE TYPE state AS ENUM ('new', 'paid', 'sent', 'returned'); CREATE DOMAIN cents AS bigint CHECK (VALUE >= 0); CREATE TYPE place AS (lat float8, lon float8);
CREATE FUNCTION pg_temp.words(seed bigint, n int) RETURNS text LANGUAGE sql IMMUTABLE AS
 $$ SELECT string_agg((ARRAY['red','blue','wooden','small','large','chair','table','lamp','with','without','from','Oslo','Lyon','Kyoto','handle','glass'])[1 + ((seed * 7919 + k * 104729 + k * k * seed) % 16)::int], ' ') FROM generate_series(1, n) k $$;

CREATE TABLE customers (id bigserial PRIMARY KEY, email citext NOT NULL, name text NOT NULL, settings hstore, home place, born date, joined timestamptz NOT NULL, tags text[], note text);
INSERT INTO customers SELECT i, 'c' || i || '@' || md5(i::text) || '.example', pg_temp.words(i, 2), 'theme=>dark, n=>1'::hstore, ROW(i % 90, -i % 180)::place,
  date '1950-01-01' + i % 20000, timestamptz '2020-01-01Z' + i * interval '7 min', ARRAY['a' || i % 9, 'b'], pg_temp.words(i, 12) FROM generate_series(1, :customers) i;
CREATE TABLE products (id serial PRIMARY KEY, sku uuid NOT NULL, title text NOT NULL, price numeric(12, 2) NOT NULL, data jsonb NOT NULL, search tsvector, available tstzrange);
INSERT INTO products SELECT i, md5('p' || i)::uuid, pg_temp.words(i, 5), (i % 9999) / 7.0, jsonb_build_object('w', i % 50, 'colour', i % 7, 'k', jsonb_build_array(i % 11, i % 13), 'text', pg_temp.words(i, 9)),
  to_tsvector('simple', pg_temp.words(i, 9)), tstzrange('2024-01-01Z', NULL) FROM generate_series(1, :products) i;
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, product_id int NOT NULL, previous bigint, state state NOT NULL, total cents NOT NULL, placed timestamp NOT NULL, paid timestamp,
  address text NOT NULL, reference varchar(40) NOT NULL, remark text, net bigint GENERATED ALWAYS AS (total * 4 / 5) STORED);
INSERT INTO orders SELECT i, 1 + (i::bigint * 48271) % :customers, 1 + (i::bigint * 16807) % :products, CASE WHEN i > 10 AND i % 4 = 0 THEN i - 1 - i % 9 END, (ARRAY['new','paid','sent','returned'])[1 + i % 4]::state,
  (i::bigint * 7919) % 100000, timestamp '2022-01-01' + i * interval '1 min', CASE WHEN i % 4 > 0 THEN timestamp '2022-01-02' + i * interval '1 min' END,
  md5('street' || i) || ', ' || i % 99999, 'R' || md5(i::text), CASE WHEN i % 3 = 0 THEN pg_temp.words(i, 20) END FROM generate_series(1, :orders) i;
CREATE SEQUENCE orders_id_seq OWNED BY orders.id; SELECT setval('orders_id_seq', :orders); ALTER TABLE orders ALTER id SET DEFAULT nextval('orders_id_seq');
CREATE TABLE order_lines (order_id bigint NOT NULL, line int NOT NULL, product_id int NOT NULL, quantity int NOT NULL, price cents NOT NULL, PRIMARY KEY (order_id, line));
INSERT INTO order_lines SELECT i, k, 1 + (i::bigint * 31 + k) % :products, 1 + i % 5, i % 5000 FROM generate_series(1, :orders) i, generate_series(1, 1 + i % 2) k;
CREATE TABLE payments (id bigserial PRIMARY KEY, order_id bigint NOT NULL, at timestamptz NOT NULL, amount money, raw json);
INSERT INTO payments SELECT i, i * 2, timestamptz '2023-01-01Z' + i * interval '1 min', (i % 900)::money, ('{"b": 1, "a": ' || i || '}')::json FROM generate_series(1, :orders / 2) i;
CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY, customer_id bigint NOT NULL, at timestamptz NOT NULL, ip inet, agent text, took interval, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2024-01-01Z') TO ('2024-05-01Z'); CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM ('2024-05-01Z') TO ('2024-09-01Z'); CREATE TABLE visits_rest PARTITION OF visits DEFAULT;
INSERT INTO visits (customer_id, at, ip, agent, took) SELECT 1 + i % :customers, timestamptz '2024-01-01Z' + (i::float8 / :visits) * interval '330 days', ('10.' || i % 200 || '.' || i % 250 || '.1')::inet, 'Mozilla/5.0 (X11) ' || i % 977, i * interval '1 ms' FROM generate_series(1, :visits) i;
CREATE TABLE tickets (id bigserial PRIMARY KEY, customer_id bigint, order_id bigint, title text, body text, meta jsonb, rating real, closed boolean);
INSERT INTO tickets SELECT i, 1 + i % :customers, 1 + i % :orders, pg_temp.words(i, 6), pg_temp.words(i * 3, 60), jsonb_build_object('p', i % 9, 'lang', i % 30), i % 6, i % 2 = 0 FROM generate_series(1, :tickets) i;
CREATE TABLE other.files (id uuid PRIMARY KEY, digest bytea NOT NULL, body bytea);
INSERT INTO other.files SELECT md5('f' || i)::uuid, decode(md5(i::text), 'hex'), decode((SELECT string_agg(md5(i || '.' || k), '') FROM generate_series(1, 50 + i % 600) k), 'hex') FROM generate_series(1, :files) i;
CREATE TABLE other.audit (at timestamptz, who regrole, what xml); INSERT INTO other.audit SELECT timestamptz '2024-01-01Z' + i * interval '1 s', 'postgres', ('<a n="' || i || '"/>')::xml FROM generate_series(1, 20000) i;
SELECT format('CREATE TABLE other.lookup_%s (id int PRIMARY KEY, name text UNIQUE); INSERT INTO other.lookup_%s SELECT i, ''n'' || i FROM generate_series(1, 40) i', n, n) FROM generate_series(1, 15) n \gexec
CREATE UNIQUE INDEX ON customers (email); CREATE INDEX ON customers (lower(name)); CREATE INDEX ON customers USING gin (name gin_trgm_ops); CREATE INDEX ON customers (joined);
CREATE UNIQUE INDEX ON products (sku); CREATE INDEX ON products USING gin (search); CREATE INDEX ON products USING gin (data jsonb_path_ops); CREATE INDEX ON products (title text_pattern_ops);
CREATE INDEX ON orders (customer_id, placed DESC); CREATE INDEX ON orders (product_id) INCLUDE (total); CREATE INDEX ON orders (previous) WHERE previous IS NOT NULL; CREATE UNIQUE INDEX ON orders (reference);
CREATE INDEX ON orders (state, placed) WHERE state IN ('new', 'paid'); CREATE INDEX ON orders (placed); CREATE INDEX ON orders (paid, customer_id); CREATE INDEX ON orders (lower(address)) WHERE remark IS NOT NULL;
CREATE INDEX ON order_lines (product_id); CREATE INDEX ON payments (order_id); CREATE INDEX ON payments USING brin (at); CREATE INDEX ON visits (customer_id);
CREATE INDEX ON tickets (customer_id); CREATE INDEX ON tickets (order_id); CREATE INDEX ON tickets USING gin (meta); CREATE INDEX ON other.files USING hash (digest);
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE, ADD FOREIGN KEY (product_id) REFERENCES products, ADD FOREIGN KEY (previous) REFERENCES orders;
ALTER TABLE order_lines ADD FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE, ADD FOREIGN KEY (product_id) REFERENCES products;
ALTER TABLE payments ADD FOREIGN KEY (order_id) REFERENCES orders; ALTER TABLE visits ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE tickets ADD FOREIGN KEY (customer_id) REFERENCES customers, ADD FOREIGN KEY (order_id) REFERENCES orders ON DELETE SET NULL;
CREATE MATERIALIZED VIEW best AS SELECT product_id, sum(quantity) AS sold FROM order_lines GROUP BY product_id; CREATE UNIQUE INDEX ON best (product_id);
SELECT lo_from_bytea(0, decode(repeat('00ff5c0a', 65536), 'hex')) FROM generate_series(1, 5);
