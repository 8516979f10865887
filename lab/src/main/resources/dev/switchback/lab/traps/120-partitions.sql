-- trap: partitioned tables by range, list and hash, nested, with default partition and an empty one
-- why: the root holds no rows, each leaf its own; a routing copy may put rows elsewhere
CREATE SCHEMA t_part;
CREATE TABLE t_part.r (id int, at date, region text, PRIMARY KEY (id, at, region)) PARTITION BY RANGE (at);
CREATE TABLE t_part.r_2023 PARTITION OF t_part.r FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE t_part.r_2024 PARTITION OF t_part.r FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (region);
CREATE TABLE t_part.r_2024_eu PARTITION OF t_part.r_2024 FOR VALUES IN ('eu', 'uk');
CREATE TABLE t_part.r_2024_rest PARTITION OF t_part.r_2024 DEFAULT;
CREATE TABLE t_part.r_default PARTITION OF t_part.r DEFAULT;
CREATE TABLE t_part.h (id int PRIMARY KEY) PARTITION BY HASH (id);
CREATE TABLE t_part.h0 PARTITION OF t_part.h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE t_part.h1 (late text, id int NOT NULL);
ALTER TABLE t_part.h1 DROP COLUMN late;
ALTER TABLE t_part.h ATTACH PARTITION t_part.h1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO t_part.r VALUES (1, '2023-05-01', 'eu'), (2, '2024-05-01', 'eu'), (3, '2024-05-01', 'us'), (4, '1999-01-01', 'x');
INSERT INTO t_part.h SELECT generate_series(1, 50);
CREATE INDEX ON t_part.r (region);
CREATE INDEX only_root ON ONLY t_part.h (id);
-- same: SELECT tableoid::regclass::text, count(*), sum(id) FROM t_part.r GROUP BY 1 ORDER BY 1
-- same: SELECT tableoid::regclass::text, count(*), sum(id) FROM t_part.h GROUP BY 1 ORDER BY 1
-- same: SELECT inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits WHERE inhparent::regclass::text LIKE 't_part.%' ORDER BY 1, 2
