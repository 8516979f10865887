-- every slot of one server; Patroni's members have a physical one each on the leader
SELECT slot_name, coalesce(plugin, ''), coalesce(database, ''), coalesce(catalog_xmin::text, ''),
       coalesce(confirmed_flush_lsn::text, ''), coalesce(wal_status, '')
FROM pg_replication_slots
WHERE NOT temporary
