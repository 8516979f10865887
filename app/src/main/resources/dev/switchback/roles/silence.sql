-- Before a verifier is in any statement: nothing of this transaction goes to the log, the statistics or the activity view.
SELECT count(set_config(s.name, v.value, true))
FROM (VALUES ('log_statement', 'none'), ('log_min_duration_statement', '-1'), ('log_min_duration_sample', '-1'),
             ('log_transaction_sample_rate', '0'), ('log_duration', 'off'), ('log_min_error_statement', 'panic'),
             ('log_parameter_max_length', '0'), ('log_parameter_max_length_on_error', '0'),
             ('track_activities', 'off'), ('debug_print_parse', 'off'), ('debug_print_rewritten', 'off'),
             ('debug_print_plan', 'off'),
             ('pg_stat_statements.track', 'none'), ('pg_stat_statements.track_utility', 'off'),
             ('pgaudit.log', 'none')) AS v(name, value)
JOIN pg_catalog.pg_settings s USING (name)
