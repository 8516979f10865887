-- One table holds 95 % of the bytes; scale 1 is about 1 GB with indexes.
SET synchronous_commit = off;
CREATE TABLE measurements (id bigint PRIMARY KEY, device int NOT NULL, at timestamptz NOT NULL, value float8, extra text);
INSERT INTO measurements SELECT i, i % 5000, timestamptz '2024-01-01Z' + i * interval '1 s', i / 3.0, md5(i::text) || md5((i + 1)::text) FROM generate_series(1, (5000000 * :scale)::int) i;
CREATE INDEX ON measurements (device, at); CREATE INDEX ON measurements (at);
CREATE TABLE devices (id int PRIMARY KEY, name text); INSERT INTO devices SELECT i, repeat('d', i % 900) FROM generate_series(0, 4999) i;
CREATE TABLE owners (id int PRIMARY KEY, name text); INSERT INTO owners SELECT i, repeat('o', i % 900) FROM generate_series(0, 4999) i;
ALTER TABLE measurements ADD FOREIGN KEY (device) REFERENCES devices;
