package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** One of our sessions in one database, set up so that neither the fence nor a default stops it. */
final class FenceSession implements AutoCloseable {
    /**
     * The read-only default is our own; a short deadlock_timeout makes autovacuum give way before
     * lock_timeout ends our wait; no time limit may end the session that holds locks.
     */
    private static final String SETTINGS =
            """
            SELECT count(set_config(s.name, v.value, false))
            FROM (VALUES ('default_transaction_read_only', 'off'),
                         ('default_transaction_isolation', 'read committed'),
                         ('search_path', 'pg_catalog'),
                         ('lock_timeout', '100ms'), ('deadlock_timeout', '20ms'),
                         ('statement_timeout', '0'), ('transaction_timeout', '0'),
                         ('idle_in_transaction_session_timeout', '0'),
                         ('idle_session_timeout', '0')) AS v(name, value)
            JOIN pg_catalog.pg_settings s USING (name)
            """;

    private final String database;
    private final Connection connection;

    private FenceSession(String database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    static FenceSession open(ConnectionSpec server, String database) {
        Connection connection = Pg.open(server.withDatabase(database));
        try {
            Sql.run(connection, "SET default_transaction_read_only = off");
            Sql.one(connection, SETTINGS);
            return new FenceSession(database, connection);
        } catch (SQLException e) {
            throw closing(connection, failed(database, "preparing a fence session", e));
        }
    }

    String database() {
        return database;
    }

    Connection connection() {
        return connection;
    }

    /** A database's failure as a problem. */
    static SwitchbackException failed(String database, String doing, SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.PG_FAILED,
                        database,
                        doing + ": " + Pg.words(e),
                        "see the server's log; running again is safe"),
                e);
    }

    private static SwitchbackException closing(Connection connection, SwitchbackException failure) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
