package dev.switchback.pg;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Sessions that read or write the user's rows: whatever role, database or server settings say,
 * values have one text form, no row is hidden, and no timeout ends a long statement.
 */
public final class DataSession {
    private DataSession() {}

    /** A session that only reads; the caller closes it. */
    public static Connection reader(ConnectionSpec spec) throws SQLException {
        return pinned(spec, "origin");
    }

    /**
     * A session that loads rows: triggers and foreign keys are silent, and a read-only default of
     * the database does not apply. Needs a superuser. The caller closes it.
     */
    public static Connection writer(ConnectionSpec spec) throws SQLException {
        return pinned(spec, "replica");
    }

    private static Connection pinned(ConnectionSpec spec, String replicationRole)
            throws SQLException {
        Connection connection = Pg.open(spec, Duration.ZERO);
        try {
            pin(connection);
            if (replicationRole.equals("replica")) {
                Sql.run(connection, "SET session_replication_role = replica");
                Sql.run(connection, "SET default_transaction_read_only = off");
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Pins the settings on an open session that is outside a transaction. */
    public static void pin(Connection connection) throws SQLException {
        // first, for a role's own timeout may be shorter than the next statement
        Sql.run(connection, "SET statement_timeout = 0");
        Sql.list(
                connection,
                Sql.resource(DataSession.class, "pin-session.sql"),
                row -> row.getString(1));
    }

    /** The session's database's encoding, for example {@code UTF8}. */
    public static String encoding(Connection connection) throws SQLException {
        return Sql.one(connection, "SELECT current_setting('server_encoding')");
    }
}
