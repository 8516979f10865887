package dev.switchback.lab.mastodon;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One session of {@link LabNoise}: connects, polls, and connects again whatever happens. */
final class NoisySession implements AutoCloseable {

    /**
     * What a session does.
     *
     * @param name for the thread
     * @param every pause between two rounds of queries
     * @param oneTransaction whether all rounds run in one read-only snapshot
     * @param queries one round
     */
    record Work(String name, Duration every, boolean oneTransaction, List<String> queries) {
        static final Work PATRONI =
                new Work(
                        "patroni",
                        Duration.ofMillis(300),
                        false,
                        List.of(
                                "SELECT pg_is_in_recovery(), application_name FROM pg_stat_replication"
                                        + " UNION ALL SELECT pg_is_in_recovery(), NULL",
                                "SELECT slot_name, active FROM pg_replication_slots"));
        static final Work EXPORTER =
                new Work(
                        "exporter",
                        Duration.ofSeconds(1),
                        false,
                        List.of(
                                "SELECT * FROM pg_stat_database",
                                "SELECT * FROM pg_stat_bgwriter",
                                "SELECT datname, pg_database_size(datname) FROM pg_database"
                                        + " WHERE datallowconn",
                                "SELECT state, count(*) FROM pg_stat_activity GROUP BY state"));
        static final Work OPERATOR =
                new Work(
                        "operator",
                        Duration.ofSeconds(2),
                        false,
                        List.of(
                                "SELECT a.rolname, a.rolpassword IS NULL, array(SELECT b.rolname"
                                        + " FROM pg_auth_members m JOIN pg_authid b ON b.oid = m.roleid"
                                        + " WHERE m.member = a.oid) FROM pg_authid a",
                                "SELECT datname, pg_get_userbyid(datdba) FROM pg_database"));
        static final Work REPORT =
                new Work(
                        "report",
                        Duration.ofMillis(500),
                        true,
                        List.of("SELECT count(*) FROM statuses", "SELECT 1 FROM pg_class"));
    }

    private static final Duration BEFORE_NEXT_TRY = Duration.ofMillis(250);
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final ConnectionSpec spec;
    private final Work work;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicLong interruptions = new AtomicLong();
    private final Thread thread;
    private volatile boolean working;

    private NoisySession(ConnectionSpec spec, Work work) {
        this.spec = spec;
        this.work = work;
        this.thread = Thread.ofVirtual().name("noise-" + work.name()).unstarted(this::run);
    }

    static NoisySession start(ConnectionSpec spec, Work work) {
        NoisySession session = new NoisySession(spec, work);
        session.thread.start();
        return session;
    }

    boolean working() {
        return working;
    }

    long interruptions() {
        return interruptions.get();
    }

    private void run() {
        try {
            do {
                try (Connection c = Pg.open(spec, SILENCE)) {
                    poll(c);
                } catch (SwitchbackException | SQLException e) {
                    // the server restarts, the fence ends us, login is refused: all part of the day
                    interruptions.incrementAndGet();
                } finally {
                    working = false;
                }
            } while (!stopping.await(BEFORE_NEXT_TRY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void poll(Connection c) throws SQLException, InterruptedException {
        if (work.oneTransaction()) {
            c.setReadOnly(true);
            c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            c.setAutoCommit(false);
        }
        do {
            for (String query : work.queries()) {
                Sql.list(c, query, row -> row.getObject(1));
            }
            working = true;
        } while (!stopping.await(work.every().toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!thread.join(Duration.ofSeconds(2))) {
                thread.interrupt();
                thread.join(Duration.ofSeconds(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
