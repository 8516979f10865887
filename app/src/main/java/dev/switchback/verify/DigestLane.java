package dev.switchback.verify;

import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Workers;
import java.sql.SQLException;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One session that digests parts of one side's tables until none is left. A table that does not let
 * itself be read is noted and left; a session or snapshot that is lost ends the work.
 */
final class DigestLane implements Workers.Worker<DigestLane.Stretch> {
    private final Sessions sessions;
    private final Consumer<Comparison> complete;
    private @Nullable SnapshotSession session;

    /** What the lanes of one side work off together. */
    record Stretch(Side side, PinnedSnapshot snapshot, Queue<Comparison.Part> parts) {}

    DigestLane(Sessions sessions, Consumer<Comparison> complete) {
        this.sessions = sessions;
        this.complete = complete;
    }

    @Override
    public void take(Stretch stretch) throws SQLException {
        Comparison.Part part = stretch.parts.poll();
        while (part != null && !sessions.stopped()) {
            digest(stretch, part);
            if (part.comparison().arrived()) {
                complete.accept(part.comparison());
            }
            part = stretch.parts.poll();
        }
        close();
        session = null;
    }

    private void digest(Stretch stretch, Comparison.Part part) throws SQLException {
        String about = part.comparison().about();
        try {
            if (session == null) {
                session = new SnapshotSession(stretch.snapshot, sessions);
            }
            part.comparison().digest(part.side()).add(Digest.read(session.next(), part.sql()));
        } catch (SQLException e) {
            if (session == null || sessions.stopped() || lost(e)) {
                throw BothSides.notProven(about, part.side().word(), e);
            }
            part.comparison().unreadable(part.side(), Pg.words(e));
            try {
                session.again();
            } catch (SQLException gone) {
                throw BothSides.notProven(about, part.side().word(), e);
            }
        }
    }

    private static boolean lost(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57");
    }

    @Override
    public void close() throws SQLException {
        if (session != null) {
            session.close();
        }
    }
}
