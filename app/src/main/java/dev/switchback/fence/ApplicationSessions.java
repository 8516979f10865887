package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose sessions the fence ends: every client backend in the migrated databases, except those of
 * our own run and the {@link Spared} ones that have not written. Walsenders, replication workers,
 * autovacuum and sessions in other databases are never touched.
 */
final class ApplicationSessions {
    /** A backend rolls back and goes within milliseconds; a swapping server takes longer. */
    private static final Duration GONE = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(10);
    private static final String SESSIONS = Sql.resource(ApplicationSessions.class, "sessions.sql");

    /**
     * Read again at the last moment, because a pid may have passed to somebody else; materialized,
     * so that the planner never calls the function for a row that was not chosen.
     */
    private static final String TERMINATE =
            """
            WITH chosen AS MATERIALIZED (
              SELECT a.pid FROM pg_catalog.pg_stat_activity a
              WHERE a.pid = ANY (?) AND a.datname = ANY (?) AND a.backend_type = 'client backend')
            SELECT count(*) FROM chosen WHERE pg_terminate_backend(chosen.pid)
            """;

    private final List<String> databases;
    private final String ourPrefix;
    private final Spared spared;
    private final Set<String> sparedSeen = new TreeSet<>();
    private int terminated;

    ApplicationSessions(List<String> databases, ConnectionSpec ours, Spared spared) {
        this.databases = databases;
        this.ourPrefix = runPrefix(ours.applicationName());
        this.spared = spared;
    }

    private record Session(int pid, Instant began, String name, boolean spared) {
        static Session read(ResultSet row) throws SQLException {
            return new Session(
                    row.getInt("pid"),
                    row.getTimestamp("backend_start").toInstant(),
                    row.getString("datname")
                            + ": "
                            + row.getString("usename")
                            + "/"
                            + row.getString("application_name"),
                    row.getBoolean("spared"));
        }
    }

    /** {@code switchback/<run>/} of {@code switchback/<run>/<step>}. */
    private static String runPrefix(String applicationName) {
        if (!applicationName.startsWith(Ours.APPLICATION_PREFIX)) {
            throw new IllegalArgumentException(
                    "the fence could not tell its own sessions: application_name is "
                            + applicationName);
        }
        int end = applicationName.indexOf('/', Ours.APPLICATION_PREFIX.length());
        return end < 0 ? applicationName : applicationName.substring(0, end + 1);
    }

    int terminated() {
        return terminated;
    }

    List<String> sparedSeen() {
        return List.copyOf(sparedSeen);
    }

    /**
     * Ends them once, without waiting.
     *
     * @param before only sessions that began before this moment of the server's clock; null: all
     */
    void end(Connection connection, @Nullable Instant before) throws SQLException {
        terminate(connection, list(connection, before));
    }

    /**
     * Ends every session that is there now and waits until those are gone; ones that began
     * meanwhile are not waited for.
     *
     * @throws SwitchbackException FENCE_INCOMPLETE when a session does not go
     */
    void endAndAwait(Connection connection, Stopper stopper)
            throws SQLException, InterruptedException {
        List<Session> open = list(connection, null);
        terminate(connection, open);
        Set<Session> ending = open.stream().filter(s -> !s.spared).collect(Collectors.toSet());
        Instant deadline = Instant.now().plus(GONE);
        while (!ending.isEmpty()) {
            stopper.checkpoint();
            ending.retainAll(Set.copyOf(list(connection, null)));
            if (ending.isEmpty()) {
                return;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new SwitchbackException(
                        Code.FENCE_INCOMPLETE,
                        String.join(", ", databases),
                        "sessions do not end: " + ending,
                        "see what these backends do (a dead network mount, a debugger), end them and run again");
            }
            Thread.sleep(POLL);
        }
    }

    /** How many of them, spared ones aside, began before the moment. */
    long olderThan(Connection connection, Instant moment) throws SQLException {
        return list(connection, moment).stream().filter(s -> !s.spared).count();
    }

    private void terminate(Connection connection, List<Session> sessions) throws SQLException {
        List<Integer> pids = new ArrayList<>();
        for (Session session : sessions) {
            if (session.spared) {
                sparedSeen.add(session.name);
            } else {
                pids.add(session.pid);
            }
        }
        if (pids.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(TERMINATE)) {
            statement.setArray(1, connection.createArrayOf("int4", pids.toArray()));
            statement.setArray(2, connection.createArrayOf("text", databases.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                terminated += row.getInt(1);
            }
        }
    }

    private List<Session> list(Connection connection, @Nullable Instant before)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SESSIONS)) {
            statement.setArray(1, connection.createArrayOf("text", spared.roles().toArray()));
            statement.setArray(
                    2, connection.createArrayOf("text", spared.superuserApplications().toArray()));
            statement.setArray(3, connection.createArrayOf("text", databases.toArray()));
            statement.setString(4, ourPrefix);
            statement.setString(5, before == null ? null : before.toString());
            List<Session> sessions = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    sessions.add(Session.read(rows));
                }
            }
            return sessions;
        }
    }
}
