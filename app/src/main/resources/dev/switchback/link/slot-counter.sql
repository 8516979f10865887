LEFT JOIN (SELECT t.slot_name, t.total_txns AS transactions,
                    -- a crash throws all statistics away, and this moment is the only one that says so
                    extract(epoch FROM b.stats_reset) || '/' || coalesce(extract(epoch FROM t.stats_reset)::text, '') AS since
               FROM pg_catalog.pg_stat_replication_slots t
              CROSS JOIN pg_catalog.pg_stat_bgwriter b) c ON c.slot_name = s.slot_name
