package dev.switchback.verify;

import dev.switchback.pg.DataSession;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One session on a pinned snapshot. It takes the snapshot afresh now and then, because every table
 * read, with its indexes, stays locked until the transaction ends and the lock table is small.
 */
final class SnapshotSession implements AutoCloseable {
    private static final int TABLES_PER_TRANSACTION = 50;

    private final PinnedSnapshot snapshot;
    private final Connection session;
    private int used;

    SnapshotSession(PinnedSnapshot snapshot, Sessions sessions) throws SQLException {
        this.snapshot = snapshot;
        this.session = sessions.add(DataSession.reader(snapshot.spec()));
        try {
            // we spread the work over sessions ourselves; compiling costs more than it saves here
            Sql.run(session, "SET max_parallel_workers_per_gather = 0");
            Sql.run(session, "SET jit = off");
            snapshot.join(session);
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** The session, inside a read-only transaction on the snapshot. */
    Connection next() throws SQLException {
        if (++used % TABLES_PER_TRANSACTION == 0) {
            again();
        }
        return session;
    }

    /** After a statement failed: a new transaction on the same snapshot. */
    void again() throws SQLException {
        session.rollback();
        session.setAutoCommit(true);
        snapshot.join(session);
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}
