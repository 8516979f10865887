-- trap: statement_timeout, lock_timeout, idle timeouts and read-only default set on role and database
-- why: a copy that obeys the application's limits dies at its first long statement
CREATE SCHEMA t_limits;
CREATE TABLE t_limits.t (id int);
INSERT INTO t_limits.t SELECT generate_series(1, 1000);
ALTER DATABASE :database SET statement_timeout = '5s';
ALTER DATABASE :database SET idle_in_transaction_session_timeout = '5s';
ALTER DATABASE :database SET default_transaction_isolation = 'serializable';
ALTER DATABASE :database SET session_replication_role = 'local';
-- same: SELECT count(*), sum(id) FROM t_limits.t
