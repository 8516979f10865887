-- Settings of a session that builds indexes and validates constraints. Parameter: how many such sessions there are.
-- Together they may use as much memory as the server's shared buffers, each from 64 MB to 1 GB, and never less than configured.
SELECT set_config(p.name, p.value, false)
  FROM (VALUES ('search_path', ''),
               ('default_transaction_read_only', 'off'),
               ('check_function_bodies', 'off'),
               ('client_min_messages', 'warning'),
               ('row_security', 'off'),
               ('synchronous_commit', 'off'),
               ('standard_conforming_strings', 'on'),
               ('xmloption', 'content'),
               ('statement_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'),
               ('idle_session_timeout', '0'),
               ('transaction_timeout', '0'),
               ('lock_timeout', '0'),
               ('max_parallel_workers_per_gather', '0'),
               ('maintenance_work_mem',
                (SELECT greatest(m.setting::bigint, least(1048576, greatest(65536, b.setting::bigint * 8 / ?)))
                   FROM pg_catalog.pg_settings m, pg_catalog.pg_settings b
                  WHERE m.name = 'maintenance_work_mem' AND b.name = 'shared_buffers')::text || 'kB')) AS p(name, value)
  JOIN pg_catalog.pg_settings s ON lower(s.name) = p.name
