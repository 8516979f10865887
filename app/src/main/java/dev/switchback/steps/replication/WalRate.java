package dev.switchback.steps.replication;

import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * How fast a server writes WAL, in bytes a second.
 *
 * @param now between two readings, one and a half seconds apart
 * @param average since the counters began, where they are older than an hour; else 0
 */
record WalRate(double now, double average) {
    private static final long BETWEEN_MILLIS = 1_500;
    private static final double HISTORY_SECONDS = 3_600;
    private static final int OLDEST_WITH_HISTORY = 14;

    private record Reading(double bytes, double seconds) {}

    static WalRate measure(Connection server) throws SQLException, InterruptedException {
        double average = 0;
        if (Pg.major(server) >= OLDEST_WITH_HISTORY) {
            List<Reading> history = read(server, "wal-history.sql");
            if (!history.isEmpty() && history.getFirst().seconds() >= HISTORY_SECONDS) {
                average = history.getFirst().bytes() / history.getFirst().seconds();
            }
        }
        Reading first = read(server, "wal-reading.sql").getFirst();
        Thread.sleep(BETWEEN_MILLIS);
        Reading last = read(server, "wal-reading.sql").getFirst();
        return new WalRate(
                (last.bytes() - first.bytes()) / (last.seconds() - first.seconds()), average);
    }

    private static List<Reading> read(Connection server, String query) throws SQLException {
        return Sql.list(
                server,
                Sql.resource(WalRate.class, query),
                row -> new Reading(row.getDouble(1), row.getDouble(2)));
    }

    /** The one to reckon with: the larger. */
    double bytesASecond() {
        return Math.max(now, average);
    }
}
