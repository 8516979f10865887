package dev.switchback.estimate;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Measures the rates of one pair of servers in two to three seconds.
 *
 * <ol>
 *   <li>The time to open a session and to answer {@code SELECT 1}, the slower side of the two.
 *   <li>Rows of the source's largest table, at most {@link Flow#MAX_BYTES} of COPY text and {@link
 *       Flow#MAX_SECONDS}, flow as the real copy does, into a temporary table of the target.
 *   <li>There the sample is hashed row by row, and its key, or its first column, is indexed.
 *   <li>The target's transaction is rolled back, and both sessions are closed.
 * </ol>
 *
 * Invariants: the source is only read; on the target everything happens in one transaction that is
 * rolled back, in a temporary table, so that nothing is left there, not even for a moment visible
 * to others. What cannot be measured is assumed, and says why.
 */
public final class RateSampler {
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final int TRIPS = 3;

    /** Smaller samples say more about start-up than about rates. */
    private static final long LEAST_BYTES = 2_000_000;

    /**
     * How much faster than the real copy the sample is: a temporary table is not logged ahead, and
     * a short sample meets warm caches and no checkpoint.
     */
    private static final double EASIER = 2;

    private final ConnectionSpec source;
    private final ConnectionSpec target;
    private final Exclusions exclusions;

    /**
     * @param source login to the database of the largest table
     * @param target any login to any database of the target that may create temporary tables
     */
    public RateSampler(ConnectionSpec source, ConnectionSpec target, Exclusions exclusions) {
        this.source = source;
        this.target = target;
        this.exclusions = exclusions;
    }

    /** Never fails for what it cannot measure: then the rates are assumed, with the reason. */
    public Rates measure() {
        try {
            long start = System.nanoTime();
            try (Connection reader = Pg.open(source, SILENCE)) {
                double readerConnect = since(start);
                start = System.nanoTime();
                try (Connection scratch = Pg.open(target, SILENCE)) {
                    double connect = Math.max(readerConnect, since(start));
                    double trip = Math.max(roundTrip(reader), roundTrip(scratch));
                    return rates(reader, scratch).withTrips(connect, trip);
                }
            }
        } catch (SQLException e) {
            return Rates.assumed(why(e));
        } catch (SwitchbackException e) {
            return Rates.assumed(e.problem().what());
        }
    }

    private Rates rates(Connection reader, Connection scratch) {
        try {
            for (Connection session : List.of(reader, scratch)) {
                DataSession.pin(session);
                Sql.run(session, "SET lock_timeout = '1s'");
                Sql.run(session, "SET statement_timeout = '10s'");
            }
            reader.setAutoCommit(false);
            scratch.setAutoCommit(false);
            try {
                List<UserTable> tables = UserTable.tables(reader, exclusions);
                if (tables.isEmpty() || tables.getFirst().bytes() < LEAST_BYTES) {
                    return Rates.assumed(
                            "the largest table is too small to measure with, under "
                                    + LEAST_BYTES / 1_000_000
                                    + " MB");
                }
                return rates(TableSample.take(reader, scratch, tables.getFirst()));
            } finally {
                // the reader's transaction ends with its session: a rollback here could be what
                // the cancel of its unfinished copy meets
                scratch.rollback();
            }
        } catch (SQLException e) {
            return Rates.assumed(why(e));
        }
    }

    private static Rates rates(TableSample sample) {
        if (sample.diskBytes() < LEAST_BYTES / 2) {
            return Rates.assumed("the largest table gave too few rows to measure with");
        }
        return new Rates(
                true,
                String.format(
                        Locale.ROOT,
                        "%.1f MB of %s copied, indexed and hashed in a temporary table",
                        sample.diskBytes() / 1e6,
                        sample.table()),
                sample.copyRate() / EASIER,
                sample.indexRate().orElse(Rates.ASSUMED_INDEX),
                sample.hashRate(),
                0,
                0);
    }

    /** Words about rows would quote them, and the reason is kept in the journal. */
    private static String why(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.startsWith("22") || state.startsWith("23")
                ? "rows of the sample were refused (SQLSTATE " + state + ")"
                : Pg.words(e);
    }

    private static double roundTrip(Connection connection) throws SQLException {
        double least = Double.MAX_VALUE;
        for (int i = 0; i < TRIPS; i++) {
            long start = System.nanoTime();
            Sql.one(connection, "SELECT 1");
            least = Math.min(least, since(start));
        }
        return least;
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
