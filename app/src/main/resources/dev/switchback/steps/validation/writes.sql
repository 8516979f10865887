-- What the counters of each user table say: schema, name, inserted, updated, deleted.
SELECT schemaname, relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables
