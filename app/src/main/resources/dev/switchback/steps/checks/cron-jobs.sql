-- Active jobs of pg_cron; asked only where its table is.
SELECT 'cron job ' || jobid, 'runs ' || schedule || ' in database ' || database FROM cron.job WHERE active ORDER BY jobid
