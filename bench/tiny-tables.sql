-- Many tables of ten rows, each with a key and an index. Variable: tables.
SET synchronous_commit = off;
SELECT format('CREATE TABLE t_%s (id int PRIMARY KEY, n int, name text); CREATE INDEX ON t_%s (n); INSERT INTO t_%s SELECT i, i, ''name '' || i FROM generate_series(1, 10) i', n, n, n)
  FROM generate_series(1, :tables) n \gexec
