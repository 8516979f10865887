package dev.switchback.backup;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long the source takes to answer a short query, beside its answer when it was idle. It has a
 * session and a thread of its own; an answer that is still awaited counts with the time it has
 * taken so far.
 */
final class LatencyProbe implements AutoCloseable {
    /** Reads the statistics of every relation: pages and locks as the applications' queries do. */
    private static final String QUERY = "SELECT sum(reltuples) FROM pg_catalog.pg_class";

    private static final int IDLE_ASKS = 9;
    private static final int KEPT = 3;

    private final Connection session;
    private final String query;
    private final Duration pause;
    private final double idleMillis;
    private final List<Double> last = new ArrayList<>();
    private final Thread asker;
    private long askedAt;
    private volatile boolean closed;

    private LatencyProbe(Connection session, String query, Duration pause) throws SQLException {
        this.session = session;
        this.query = query;
        this.pause = pause;
        List<Double> idle = new ArrayList<>();
        for (int i = 0; i < IDLE_ASKS; i++) {
            idle.add(ask());
        }
        this.idleMillis = median(idle);
        this.asker = Thread.ofVirtual().name("latency").start(this::keepAsking);
    }

    static LatencyProbe start(ConnectionSpec source) throws SQLException {
        return start(source, QUERY, Duration.ofMillis(250));
    }

    static LatencyProbe start(ConnectionSpec source, String query, Duration pause)
            throws SQLException {
        Connection session = Pg.open(source, Duration.ZERO);
        try {
            return new LatencyProbe(session, query, pause);
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    double idleMillis() {
        return idleMillis;
    }

    /** The median of the last answers, or the time the present one has taken, if longer. */
    double nowMillis() {
        synchronized (last) {
            double waiting = askedAt == 0 ? 0 : (System.nanoTime() - askedAt) / 1e6;
            return Math.max(last.isEmpty() ? idleMillis : median(last), waiting);
        }
    }

    private void keepAsking() {
        try {
            while (!closed) {
                synchronized (last) {
                    askedAt = System.nanoTime();
                }
                double millis = ask();
                synchronized (last) {
                    askedAt = 0;
                    last.add(millis);
                    if (last.size() > KEPT) {
                        last.removeFirst();
                    }
                }
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            }
        } catch (SQLException gone) {
            // the session ended: pg_dump's own will tell; without answers nothing is slowed down
            synchronized (last) {
                askedAt = 0;
                last.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double ask() throws SQLException {
        long start = System.nanoTime();
        Sql.list(session, query, row -> row.getString(1));
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        asker.interrupt();
        session.abort(Runnable::run);
    }
}
