package dev.switchback.link;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Sessions kept for one piece of work on links, a database and side one, opened at their first use:
 * inside the pause logging in – TLS, SCRAM – takes longer than what is asked. What is set in one
 * stays set for whatever uses it later. For one thread.
 */
public final class LinkSessions implements AutoCloseable {
    private final Map<Login, Connection> open = new HashMap<>();

    private record Login(String host, int port, String user, String database) {
        static Login of(ConnectionSpec side) {
            return new Login(side.host(), side.port(), side.user(), side.database());
        }
    }

    /**
     * The session of a side; it is not the caller's to close.
     *
     * @throws dev.switchback.fault.SwitchbackException as {@link Pg#open}
     */
    public Connection of(ConnectionSpec side) {
        return open.computeIfAbsent(Login.of(side), login -> Pg.open(side));
    }

    @Override
    public void close() throws SQLException {
        SQLException failed = null;
        for (Connection session : open.values()) {
            try {
                session.close();
            } catch (SQLException e) {
                failed = e;
            }
        }
        open.clear();
        if (failed != null) {
            throw failed;
        }
    }
}
