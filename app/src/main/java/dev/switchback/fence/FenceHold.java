package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A kept transaction holding SHARE locks on the large-object catalogs of one database: large
 * objects know no triggers, and superusers no REVOKE. Writers of large objects wait; so does {@code
 * lo_read}, which takes the writers' lock on {@code pg_largeobject} (every major does). Reading the
 * catalog by SELECT does not wait. It holds no snapshot, so vacuum is not kept back. The same
 * session answers {@link #check}, which therefore also proves that the locks are still held.
 *
 * <p>{@link #letRead} gives up the lock on {@code pg_largeobject} alone, by rolling back to a
 * savepoint, so that the lock that keeps large objects from being made and removed stays without a
 * gap. {@link #refuse} takes it again.
 */
final class FenceHold implements AutoCloseable {
    private static final List<String> CATALOGS =
            List.of("pg_catalog.pg_largeobject_metadata", "pg_catalog.pg_largeobject");

    /** In one transaction: a timeout gives up both. The order matters to {@link #letRead}. */
    private static final String LOCK =
            """
            LOCK TABLE pg_catalog.pg_largeobject_metadata IN SHARE MODE;
            SAVEPOINT readable;
            LOCK TABLE pg_catalog.pg_largeobject IN SHARE MODE
            """;

    private static final String CHECK = Sql.resource(FenceHold.class, "check.sql");
    private static final String END_WAITING =
            """
            SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks l
            WHERE NOT l.granted
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.relation IN ('pg_catalog.pg_largeobject'::regclass,
                                 'pg_catalog.pg_largeobject_metadata'::regclass)
            """;

    private final FenceSession session;
    private boolean readable;

    private FenceHold(FenceSession session) {
        this.session = session;
    }

    static FenceHold take(ConnectionSpec server, String database, Stopper stopper)
            throws InterruptedException, SQLException {
        FenceSession session = FenceSession.open(server, database);
        boolean taken = false;
        try {
            Connection connection = session.connection();
            connection.setAutoCommit(false);
            LockPatience.insist(session, CATALOGS, LOCK, stopper);
            taken = true;
            return new FenceHold(session);
        } finally {
            if (!taken) {
                session.close();
            }
        }
    }

    /**
     * Lets {@code lo_read} through, and with it a superuser's {@code lowrite} to a large object
     * that exists: whoever calls this proves afterwards that none changed. Who waited until now is
     * ended.
     */
    synchronized void letRead() throws SQLException {
        Sql.one(session.connection(), END_WAITING);
        Sql.run(session.connection(), "ROLLBACK TO SAVEPOINT readable");
        readable = true;
    }

    /**
     * Takes the lock on {@code pg_largeobject} again; a transaction that wrote to it meanwhile has
     * ended when this returns.
     */
    synchronized void refuse(Stopper stopper) throws InterruptedException, SQLException {
        // if it fails, check() tells that a lock is missing
        readable = false;
        LockPatience.insist(session, CATALOGS, LOCK, stopper);
    }

    /** One query: is this database's fence whole, and are our locks still held? */
    synchronized Optional<Problem> check() {
        String database = session.database();
        try {
            List<Optional<Problem>> rows =
                    Sql.list(
                            session.connection(),
                            CHECK,
                            row -> {
                                if (row.getInt("ddl_triggers") != 1) {
                                    return Optional.of(
                                            broken(database, "the event trigger is off or gone"));
                                }
                                if (row.getInt("functions") != 2) {
                                    return Optional.of(
                                            broken(database, "the fence's functions were changed"));
                                }
                                if (row.getLong("unfenced") != 0) {
                                    return Optional.of(
                                            broken(
                                                    database,
                                                    row.getLong("unfenced")
                                                            + " tables lack the enabled trigger, for example "
                                                            + row.getString("example")));
                                }
                                if (row.getInt("held") != CATALOGS.size() - (readable ? 1 : 0)) {
                                    return Optional.of(
                                            broken(
                                                    database,
                                                    "the large-object catalogs are no longer locked"));
                                }
                                return Optional.empty();
                            });
            return rows.getFirst();
        } catch (SQLException e) {
            return Optional.of(
                    broken(
                            database,
                            "the session holding the large-object locks is gone: " + Pg.words(e)));
        }
    }

    private static Problem broken(String database, String what) {
        return new Problem(
                Code.FENCE_BROKEN,
                database,
                what,
                "find out which superuser did it; the cutover is released, run it again afterwards");
    }

    /**
     * Gives the locks up. Writers that waited for them are ended first, so that none of their
     * writes slips through when the side stays closed.
     */
    @Override
    public synchronized void close() {
        try (FenceSession closing = session) {
            if (!closing.connection().isClosed()) {
                Sql.one(closing.connection(), END_WAITING);
            }
        } catch (SQLException e) {
            // a session that cannot be closed is a session that is gone, and its locks with it
            if (!gone(e)) {
                throw new SwitchbackException(
                        new Problem(
                                Code.PG_FAILED,
                                session.database(),
                                "giving up the large-object locks: " + Pg.words(e),
                                "they end with our session"),
                        e);
            }
        }
    }

    private static boolean gone(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.startsWith("08") || state.startsWith("57P") || state.equals("25P02");
    }
}
