-- The marker last: until then the database is known as ours.
DROP TABLE IF EXISTS switchback.copied, switchback.copied_part, switchback.built, switchback.copy_run;
DROP TABLE IF EXISTS switchback.migration;
