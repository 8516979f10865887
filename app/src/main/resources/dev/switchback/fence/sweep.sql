-- One transaction per table, tables that are locked or gone passed over.
DO $sweep$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[/* tables */]::text[] LOOP
    BEGIN
      EXECUTE 'CREATE TRIGGER switchback_fence BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ' || name
              || ' FOR EACH STATEMENT EXECUTE FUNCTION switchback.refuse_write()';
      EXECUTE 'ALTER TABLE ' || name || ' ENABLE ALWAYS TRIGGER switchback_fence';
    EXCEPTION WHEN lock_not_available OR deadlock_detected OR undefined_table OR invalid_schema_name
                   OR undefined_function OR undefined_object OR internal_error OR duplicate_object
                   OR read_only_sql_transaction THEN
      -- the function may go while its trigger is made: the servers' words for it are several
      NULL;
    END;
    COMMIT;
  END LOOP;
END $sweep$
