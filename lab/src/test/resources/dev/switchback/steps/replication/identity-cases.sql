-- One table a case; each comment says what IdentityPlan must say.
CREATE TYPE mood AS ENUM ('fine', 'bad');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN paper AS json;
CREATE TYPE pair AS (a int, b text);
CREATE TYPE spot AS (at point, name text);
CREATE TABLE works_by_key (id int PRIMARY KEY, doc json);                                          -- not listed
CREATE TABLE works_by_index (id int NOT NULL, doc json);                                           -- not listed
CREATE UNIQUE INDEX works_by_index_once ON works_by_index (id);
ALTER TABLE works_by_index REPLICA IDENTITY USING INDEX works_by_index_once;
CREATE TABLE works_in_full (id int, name text);                                                    -- not listed
ALTER TABLE works_in_full REPLICA IDENTITY FULL;
CREATE TABLE works_full_with_key (id int PRIMARY KEY, doc json);                                   -- not listed
ALTER TABLE works_full_with_key REPLICA IDENTITY FULL;
CREATE UNLOGGED TABLE unlogged (id int);                                                           -- not listed
CREATE TABLE no_key (id int, m mood, p positive, r int4range, n numeric[], j jsonb, c pair, cs pair[], v varchar(9)); -- FULL
CREATE TABLE deferrable_key (id int PRIMARY KEY DEFERRABLE, name text);                            -- FULL
CREATE TABLE partial_index (id int NOT NULL);                                                      -- FULL
CREATE UNIQUE INDEX ON partial_index (id) WHERE id > 0;
CREATE TABLE nullable_unique (id int UNIQUE);                                                      -- FULL
CREATE TABLE expression_index (name text NOT NULL);                                                -- FULL
CREATE UNIQUE INDEX ON expression_index (lower(name));
CREATE TABLE included (a int NOT NULL, b int, doc json);                                           -- INDEX, b may be null
CREATE UNIQUE INDEX included_once ON included (a) INCLUDE (b);
CREATE TABLE two_indexes (a int NOT NULL, b int NOT NULL, c int NOT NULL);                         -- INDEX, the shorter
CREATE UNIQUE INDEX two_indexes_a_b ON two_indexes (a, b);
CREATE UNIQUE INDEX two_indexes_c ON two_indexes (c);
CREATE TABLE "Odd ""Table" (id int NOT NULL, doc json);                                            -- INDEX
CREATE UNIQUE INDEX "odd ""index" ON "Odd ""Table" (id);
CREATE TABLE deferrable_index (id int NOT NULL, UNIQUE (id) DEFERRABLE);                           -- FULL
CREATE TABLE switched_off (id int PRIMARY KEY, doc json);                                          -- DEFAULT
ALTER TABLE switched_off REPLICA IDENTITY NOTHING;
CREATE TABLE index_gone (id int NOT NULL);                                                         -- FULL, undone to NOTHING
CREATE UNIQUE INDEX index_gone_once ON index_gone (id);
ALTER TABLE index_gone REPLICA IDENTITY USING INDEX index_gone_once;
DROP INDEX index_gone_once;
CREATE TABLE full_but_index (id int NOT NULL, doc json);                                           -- INDEX
CREATE UNIQUE INDEX full_but_index_once ON full_but_index (id);
ALTER TABLE full_but_index REPLICA IDENTITY FULL;
CREATE TABLE bad_json (id int, doc json);                                                          -- impossible
CREATE TABLE bad_deferrable (id int PRIMARY KEY DEFERRABLE, doc json);                             -- impossible
CREATE TABLE bad_domains (id int, docs paper[]);                                                   -- impossible
CREATE TABLE bad_composite (id int, s spot);                                                       -- impossible
CREATE TABLE bad_xml (id int, doc xml);                                                            -- impossible
CREATE TABLE bad_full (id int, doc json);                                                          -- impossible
ALTER TABLE bad_full REPLICA IDENTITY FULL;
CREATE TABLE bad_generated (a int, id int GENERATED ALWAYS AS (a + 1) STORED PRIMARY KEY);         -- impossible
CREATE TABLE logbook (at date NOT NULL, line text) PARTITION BY RANGE (at);
CREATE TABLE logbook_old PARTITION OF logbook FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');    -- FULL
CREATE TABLE keyed (id int PRIMARY KEY, line text) PARTITION BY RANGE (id);
CREATE TABLE keyed_low PARTITION OF keyed FOR VALUES FROM (0) TO (100);                            -- not listed
CREATE SCHEMA switchback;
CREATE TABLE switchback.ours (id int);                                                             -- not listed
CREATE SCHEMA metric_helpers;
CREATE TABLE metric_helpers.theirs (id int);                                                       -- not listed
