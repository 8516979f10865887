package dev.switchback.pg;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.PGConnection;

/**
 * The open sessions of a group of workers, so that all of them can be ended at once from another
 * thread.
 */
public final class Sessions {
    /** How long a session's query may take to be cancelled before its connection is cut anyway. */
    private static final long CANCEL_MILLIS = 1_000;

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    Sessions() {}

    /**
     * Registers a session; the one who opened it still closes it.
     *
     * @throws SQLException when the group was stopped meanwhile; the session is closed then
     */
    public Connection add(Connection session) throws SQLException {
        open.add(session);
        if (stopped) {
            session.close();
            throw new SQLException("stopped before the work began");
        }
        return session;
    }

    public boolean stopped() {
        return stopped;
    }

    /**
     * Cancels what every session runs, so that the server stops at once too, and cuts the
     * connection. Does not wait for it.
     */
    void stop() {
        stopped = true;
        for (Connection session : open) {
            Thread.ofVirtual().name("end-session").start(() -> end(session));
        }
    }

    private static void end(Connection session) {
        Thread cancel = Thread.ofVirtual().name("cancel-session").start(() -> cancel(session));
        try {
            cancel.join(CANCEL_MILLIS);
            session.abort(Runnable::run);
        } catch (SQLException alreadyGone) {
            // an ended session is what we want
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void cancel(Connection session) {
        try {
            session.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException alreadyGone) {
            // an ended session is what we want
        }
    }
}
