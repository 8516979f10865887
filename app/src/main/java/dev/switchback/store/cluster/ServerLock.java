package dev.switchback.store.cluster;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One server's half of the lock: a session advisory lock in database {@code postgres}, which dies
 * with the session.
 */
final class ServerLock implements AutoCloseable {
    /** First half of the two-part advisory key: "swbk" in ASCII. */
    private static final int CLASS = 0x7377626b;

    private final String server;
    private final int key;
    private final Connection session;

    private ServerLock(String server, int key, Connection session) {
        this.server = server;
        this.key = key;
        this.session = session;
    }

    /** Opens the session; the lock is not taken yet. */
    static ServerLock open(ConnectionSpec spec, String identity) {
        // the lock must outlive long silences of this session, but not the network: TCP keep-alive
        // ends it
        return new ServerLock(
                spec.host(), identity.hashCode(), Pg.open(spec, Duration.ofSeconds(15)));
    }

    boolean tryLock() {
        return query("SELECT pg_try_advisory_lock(" + CLASS + ", " + key + ")").equals("t");
    }

    /**
     * Ends every session of a dead run, as far as our role may. The planner must not call {@code
     * pg_terminate_backend} before it has applied the filters, hence MATERIALIZED.
     */
    List<String> endSessionsOf(String runId) {
        try {
            return Sql.list(
                    session,
                    """
                    WITH theirs AS MATERIALIZED (
                      SELECT pid, application_name FROM pg_stat_activity
                      WHERE application_name LIKE ? AND pid <> pg_backend_pid()
                        AND (usename = current_user
                             OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)))
                    SELECT application_name FROM theirs WHERE pg_terminate_backend(pid)
                    """,
                    row -> row.getString(1),
                    Ours.APPLICATION_PREFIX + runId + "/%");
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Whether the session and the lock are still there. */
    Optional<Problem> lost() {
        try {
            String held =
                    Sql.one(
                            session,
                            """
                            SELECT count(*) FROM pg_locks
                            WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
                              AND classid::bigint = ? AND objid::bigint = ? AND objsubid = 2
                            """,
                            (long) CLASS,
                            Integer.toUnsignedLong(key));
            return held.equals("0")
                    ? Optional.of(problem("the advisory lock is gone"))
                    : Optional.empty();
        } catch (SQLException e) {
            return Optional.of(problem("the lock's session is gone: " + Pg.words(e)));
        }
    }

    private Problem problem(String what) {
        return new Problem(
                Code.EPOCH_LOST,
                server,
                what,
                "run the command again; it resumes from the journal");
    }

    private String query(String sql) {
        try {
            return Sql.one(session, sql);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private SwitchbackException failed(SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.PG_FAILED,
                        server,
                        "taking the lock failed: " + Pg.words(e),
                        "try again"),
                e);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (SQLException e) {
            // a session that is gone holds no lock
            return;
        }
    }
}
