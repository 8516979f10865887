package dev.switchback.fence;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Sql;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;

/**
 * Sessions of every role that try every way to change something, reconnect when they are thrown
 * out, and write down each statement that was acknowledged with the moment it began. Closing it
 * stops them.
 */
final class Attack implements AutoCloseable {
    /** A statement the server acknowledged, and when it had been sent ({@link System#nanoTime}). */
    record Acknowledged(String role, String statement, long began) {}

    private static final List<String> WRITES =
            List.of(
                    "INSERT INTO accounts (id, name) VALUES ((random() * 1e15)::bigint, 'x')",
                    "INSERT INTO events_2025 VALUES ('2025-05-05', 'leaf')",
                    "INSERT INTO events VALUES ('2024-05-05', 'parent')",
                    "UPDATE accounts SET n = n + 1 WHERE id < 5",
                    "WITH gone AS (DELETE FROM statuses WHERE id < 3 RETURNING *) SELECT count(*) FROM gone",
                    "DELETE FROM accounts WHERE id = 1",
                    "UPDATE named SET name = 'v' WHERE id = 3",
                    "INSERT INTO scratch VALUES (1)",
                    "TRUNCATE scratch",
                    "TRUNCATE events",
                    "COPY accounts",
                    "SELECT lo_put(4242, 0, 'XXX')",
                    "SELECT lo_create(0)",
                    "SELECT lowrite(lo_open(4242, 131072), 'YYY')",
                    "SELECT lo_unlink(4242)",
                    "CREATE TABLE extra_%d (n int)",
                    "CREATE TABLE events_d%1$d (LIKE events); INSERT INTO events_d%1$d VALUES ('2024-01-01')",
                    "ALTER TABLE accounts DISABLE TRIGGER ALL",
                    "ALTER TABLE accounts DISABLE TRIGGER switchback_fence",
                    "DROP TRIGGER switchback_fence ON accounts",
                    "DROP SCHEMA switchback CASCADE",
                    "CREATE OR REPLACE FUNCTION switchback.refuse_write() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN RETURN NULL; END'",
                    "ALTER TABLE accounts ADD COLUMN IF NOT EXISTS extra int",
                    "DROP TABLE IF EXISTS events_2025",
                    "GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC",
                    "DO $$BEGIN UPDATE accounts SET n = 1; END$$");
    private static final String MERGE =
            "MERGE INTO accounts a USING (SELECT 2 AS id) s ON a.id = s.id"
                    + " WHEN MATCHED THEN UPDATE SET n = 5";

    private final FencedShop shop;
    private final List<String> writes;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong names = new AtomicLong();
    private final AtomicLong attempts = new AtomicLong();
    private volatile boolean stopped;
    final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();

    Attack(FencedShop shop, int perRole) {
        this.shop = shop;
        this.writes = new ArrayList<>(WRITES);
        if (shop.server.major() >= 15) {
            writes.add(MERGE);
        }
        for (String role : FencedShop.ROLES) {
            for (int i = 0; i < perRole; i++) {
                boolean replica = i % 2 == 1;
                int first = i * 7;
                threads.add(Thread.ofVirtual().start(() -> attack(role, replica, first)));
            }
        }
    }

    long attempts() {
        return attempts.get();
    }

    private void attack(String role, boolean replica, int first) {
        int next = first;
        while (!stopped) {
            try (Connection c = shop.login(role)) {
                quietly(c, "SET lock_timeout = '300ms'");
                if (replica) {
                    quietly(c, "SET session_replication_role = replica");
                }
                // a session lasts for one round, then logs in again
                for (int i = 0; i < writes.size() && !stopped && !c.isClosed(); i++) {
                    String statement =
                            String.format(
                                    writes.get(next++ % writes.size()), names.incrementAndGet());
                    attempt(c, role, statement);
                }
            } catch (SQLException | SwitchbackException e) {
                // thrown out: that is the fence's work
            }
        }
    }

    private void attempt(Connection c, String role, String statement) throws SQLException {
        long began = System.nanoTime();
        attempts.incrementAndGet();
        try {
            Sql.run(c, "BEGIN READ WRITE");
            if (statement.startsWith("COPY")) {
                c.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY accounts (id, name) FROM STDIN",
                                new StringReader(System.nanoTime() + "\tcopied\n"));
            } else {
                Sql.run(c, statement);
            }
            Sql.run(c, "COMMIT");
            acknowledged.add(new Acknowledged(role, statement, began));
        } catch (SQLException | java.io.IOException e) {
            quietly(c, "ROLLBACK");
        }
    }

    private static void quietly(Connection c, String statement) {
        try {
            Sql.run(c, statement);
        } catch (SQLException e) {
            // refused or disconnected: the next statement will show
        }
    }

    /** Stops the attackers; what they had sent is answered first. */
    void stop() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
