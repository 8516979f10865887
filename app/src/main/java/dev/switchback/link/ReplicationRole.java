package dev.switchback.link;

import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;

/**
 * The role a subscriber logs in with on the publishing server: LOGIN and REPLICATION, nothing else.
 * Decoding needs no right to read tables; only the initial copy of a native subscription would, and
 * ours does not use it.
 */
public final class ReplicationRole {
    private static final int PASSWORD_BYTES = 24;

    private ReplicationRole() {}

    public static Secret randomPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Secret.of(HexFormat.of().formatHex(bytes));
    }

    public static boolean exists(Connection server, String role) throws SQLException {
        return Sql.first(server, "SELECT 1 FROM pg_roles WHERE rolname = ?", role) != null;
    }

    /** Makes the role or sets its password again, and lets it connect to the databases. */
    public static void ensure(
            Connection server, String role, Secret password, List<String> databases)
            throws SQLException {
        QuietLog.set(server);
        Sql.run(server, "SET default_transaction_read_only = off");
        String name = Sql.identifier(role);
        if (!exists(server, role)) {
            Sql.run(server, "CREATE ROLE " + name);
        }
        Sql.run(
                server,
                "ALTER ROLE "
                        + name
                        + " LOGIN REPLICATION NOINHERIT PASSWORD "
                        + Sql.literal(password.reveal()));
        for (String database : databases) {
            Sql.run(
                    server,
                    "GRANT CONNECT ON DATABASE " + Sql.identifier(database) + " TO " + name);
        }
    }

    /** Takes its grants and the role away; a role that is not there is fine. */
    public static void drop(Connection server, String role, List<String> databases)
            throws SQLException {
        if (!exists(server, role)) {
            return;
        }
        Sql.run(server, "SET default_transaction_read_only = off");
        for (String database : databases) {
            if (Sql.first(server, "SELECT 1 FROM pg_database WHERE datname = ?", database)
                    != null) {
                Sql.run(
                        server,
                        "REVOKE CONNECT ON DATABASE "
                                + Sql.identifier(database)
                                + " FROM "
                                + Sql.identifier(role));
            }
        }
        Sql.run(server, "DROP ROLE " + Sql.identifier(role));
    }
}
