package dev.switchback.lab.traffic;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a pod's pool at work.
 *
 * <ol>
 *   <li>Statements: an error before COMMIT was sent means certainly not committed.
 *   <li>COMMIT answered with an error of the server other than its shutdown: not committed.
 *   <li>COMMIT without an answer, or cut by a shutdown: unknown.
 *   <li>COMMIT returned: acknowledged, entered only then.
 * </ol>
 *
 * After any error the session is given up and a new one opened, waiting longer each time.
 */
final class WritingSession implements Runnable {
    private static final long FIRST_WAIT_MILLIS = 50;
    private static final String WHO_ANSWERS =
            "SELECT host(inet_server_addr()) || ':' || inet_server_port()";

    private final AppPod pod;
    private final PodConnector connector;
    private final Ledger ledger;
    private final Pace pace;

    WritingSession(AppPod pod, PodConnector connector, Ledger ledger, Pace pace) {
        this.pod = pod;
        this.connector = connector;
        this.ledger = ledger;
        this.pace = pace;
    }

    @Override
    public void run() {
        long wait = FIRST_WAIT_MILLIS;
        try {
            do {
                long acknowledgedBefore = pod.acknowledged();
                try {
                    Connection c = connector.open();
                    try {
                        work(c);
                    } finally {
                        connector.close(c);
                    }
                } catch (SQLException | RuntimeException e) {
                    // whatever it is, a writer that dies of it would look like a quiet one
                    pod.refused(words(e));
                }
                wait =
                        pod.acknowledged() > acknowledgedBefore
                                ? FIRST_WAIT_MILLIS
                                : Math.min(2 * wait, pace.retry().toMillis());
            } while (!pod.stopping().await(wait, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(Connection c) throws SQLException, InterruptedException {
        AppTransactions transactions = new AppTransactions(c, ThreadLocalRandom.current());
        c.setAutoCommit(false);
        do {
            one(c, transactions);
        } while (!pod.stopping().await(pace.think().toMillis(), TimeUnit.MILLISECONDS));
    }

    private void one(Connection c, AppTransactions transactions) throws SQLException {
        LedgerTransaction transaction = ledger.begin(pod.name());
        String server;
        try {
            server = Sql.one(c, WHO_ANSWERS);
            transactions.perform(transaction);
        } catch (SQLException | RuntimeException e) {
            transaction.refused(words(e));
            throw e;
        }
        try {
            c.commit();
        } catch (SQLException | RuntimeException e) {
            if (e instanceof SQLException sql && answered(sql)) {
                transaction.refused(words(e));
            } else {
                transaction.unknown(words(e));
            }
            throw e;
        }
        transaction.acknowledged(server);
        pod.served();
    }

    /** Whether the server said that it did not commit. */
    private static boolean answered(SQLException e) {
        String state = e.getSQLState();
        return state != null && !state.startsWith("08") && !state.startsWith("57P");
    }

    private static String words(Exception e) {
        return switch (e) {
            case SQLException sql -> Pg.words(sql);
            case SwitchbackException ours -> ours.problem().what();
            default -> e.toString();
        };
    }
}
