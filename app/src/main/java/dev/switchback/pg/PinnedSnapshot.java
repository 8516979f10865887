package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One state of a database that any number of sessions can read: a holder session in REPEATABLE
 * READ, READ ONLY, with its snapshot exported. It holds back vacuum as long as it is open. A thread
 * speaks to the server four times a minute so that no proxy or firewall drops the silent
 * connection.
 */
public final class PinnedSnapshot implements AutoCloseable {
    private static final long BEAT_SECONDS = 15;

    private final ConnectionSpec spec;
    private final Connection holder;
    private final String id;
    private final Thread beat;
    private volatile boolean closed;

    private PinnedSnapshot(ConnectionSpec spec, Connection holder, String id) {
        this.spec = spec;
        this.holder = holder;
        this.id = id;
        this.beat = Thread.ofVirtual().name("snapshot-" + id).start(this::beat);
    }

    /**
     * @throws SwitchbackException PG_FAILED, or what {@link Pg#open} throws
     */
    public static PinnedSnapshot open(ConnectionSpec spec) {
        return open(spec, List.of());
    }

    /**
     * The same with locks that are taken first: a TRUNCATE behind the snapshot would take away rows
     * that it shows.
     *
     * @param locks {@code LOCK TABLE} statements in ACCESS SHARE mode
     */
    public static PinnedSnapshot open(ConnectionSpec spec, List<String> locks) {
        return open(spec, "", locks);
    }

    /**
     * Takes over a snapshot that another session exported, a replication slot's for example; that
     * session may end then.
     *
     * @param exported what {@code SET TRANSACTION SNAPSHOT} takes
     */
    public static PinnedSnapshot adopt(ConnectionSpec spec, String exported) {
        return open(spec, exported, List.of());
    }

    private static PinnedSnapshot open(ConnectionSpec spec, String exported, List<String> locks) {
        try {
            Connection holder = DataSession.reader(spec);
            try {
                holder.setAutoCommit(false);
                Sql.run(holder, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
                if (!exported.isEmpty()) {
                    Sql.run(holder, "SET TRANSACTION SNAPSHOT " + Sql.literal(exported));
                }
                for (String lock : locks) {
                    Sql.run(holder, lock);
                }
                return new PinnedSnapshot(
                        spec, holder, Sql.one(holder, "SELECT pg_export_snapshot()"));
            } catch (SQLException e) {
                holder.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new SwitchbackException(
                    new Problem(
                            Code.PG_FAILED,
                            spec.display(),
                            "cannot export a snapshot: " + Pg.words(e),
                            "the server must be a primary that accepts sessions of this role"),
                    e);
        }
    }

    /** What {@code SET TRANSACTION SNAPSHOT} takes. */
    public String id() {
        return id;
    }

    /** The server and database it belongs to. */
    public ConnectionSpec spec() {
        return spec;
    }

    /** Whether the holder still answers; once false, the snapshot is lost for good. */
    public boolean isAlive() {
        if (closed) {
            return false;
        }
        try {
            synchronized (holder) {
                return holder.isValid(5);
            }
        } catch (SQLException e) {
            return false;
        }
    }

    /** Starts a read-only transaction on this snapshot in a session of the same database. */
    public void join(Connection session) throws SQLException {
        session.setAutoCommit(false);
        Sql.run(session, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        Sql.run(session, "SET TRANSACTION SNAPSHOT " + Sql.literal(id));
    }

    private void beat() {
        try {
            while (!closed) {
                TimeUnit.SECONDS.sleep(BEAT_SECONDS);
                if (!isAlive()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        beat.interrupt();
        try {
            holder.close();
        } catch (SQLException alreadyGone) {
            // the server ended the session before us: the snapshot is gone, as wanted
        }
    }
}
