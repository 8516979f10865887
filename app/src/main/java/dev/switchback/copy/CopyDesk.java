package dev.switchback.copy;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Crew;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sessions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One worker's two sessions, opened when first needed. When a connection breaks in the middle of a
 * unit, both are opened anew and only that unit is copied again: what it had written was never
 * committed, and if the commit itself was what got lost, its note tells.
 */
public final class CopyDesk implements Crew.Desk {
    /** Waits before each new try; then the failure is told. */
    private static final long[] PATIENCE_MILLIS = {200, 1_000, 2_000};

    private static final Set<String> GONE = Set.of("57P01", "57P02", "57P03");

    private final Loading loading;
    private final Sessions sessions;
    private @Nullable Connection reader;
    private @Nullable Connection writer;

    CopyDesk(Loading loading, Sessions sessions) {
        this.loading = loading;
        this.sessions = sessions;
    }

    /**
     * Copies a unit.
     *
     * @return the tables that are complete with it: none while other parts are missing
     * @throws SwitchbackException COPY_FAILED with the table, the side and the server's words
     */
    public List<SourceTable> copy(CopyUnit unit) throws InterruptedException, SQLException {
        try (var _ = loading.room(unit)) {
            for (int attempt = 0; ; attempt++) {
                try {
                    long began = System.nanoTime();
                    List<CopyNotes.Tally> tallies =
                            new UnitCopier(reader(), writer(), loading).copy(unit);
                    return loading.done(unit, tallies, System.nanoTime() - began, writer());
                } catch (SQLException | SwitchbackException e) {
                    boolean again = attempt < PATIENCE_MILLIS.length && broken(e);
                    if (!again || sessions.stopped() || !loading.snapshotAlive()) {
                        throw e;
                    }
                    close();
                    TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS[attempt]);
                    loading.countRetry();
                }
            }
        }
    }

    /** The reading session, inside a transaction on the snapshot. */
    public Connection reader() throws SQLException {
        Connection open = reader;
        if (open == null) {
            open = loading.openReader(sessions);
            reader = open;
        }
        return open;
    }

    /** The writing session, outside a transaction. */
    public Connection writer() throws SQLException {
        Connection open = writer;
        if (open == null) {
            open = loading.openWriter(sessions);
            writer = open;
        }
        return open;
    }

    private static boolean broken(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof IOException) {
                return true;
            }
            if (t instanceof SQLException e && e.getSQLState() != null) {
                return e.getSQLState().startsWith("08") || GONE.contains(e.getSQLState());
            }
        }
        return false;
    }

    @Override
    public void close() {
        close(reader);
        close(writer);
        reader = null;
        writer = null;
    }

    private static void close(@Nullable Connection session) {
        if (session != null) {
            try {
                session.close();
            } catch (SQLException alreadyGone) {
                Pg.words(alreadyGone); // a session that is gone is closed
            }
        }
    }
}
