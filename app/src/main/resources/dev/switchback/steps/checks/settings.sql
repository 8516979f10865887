-- Every setting a session can feel, with what the server has before any ALTER DATABASE or ALTER ROLE:
-- from its files and command line. What our own driver sends at login is told apart by its source.
SELECT name, coalesce(reset_val, ''), coalesce(boot_val, ''), source, coalesce(unit, '')
  FROM pg_catalog.pg_settings
 WHERE context IN ('user', 'superuser', 'backend', 'superuser-backend')
    OR name IN ('max_prepared_transactions', 'lc_ctype', 'lc_collate')
