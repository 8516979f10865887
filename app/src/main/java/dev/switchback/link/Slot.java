package dev.switchback.link;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sql;
import dev.switchback.pg.StopHook;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** A logical slot of plugin {@code pgoutput}. */
public final class Slot {
    public static final String PLUGIN = "pgoutput";

    private static final Duration DROP_PATIENCE = Duration.ofSeconds(20);

    private Slot() {}

    /**
     * A slot just made.
     *
     * @param consistentPoint everything committed after it is in the slot, everything before it in
     *     the snapshot
     * @param snapshot the state at that point; the caller closes it
     */
    public record Created(Lsn consistentPoint, PinnedSnapshot snapshot) {}

    /**
     * What the server says of a slot.
     *
     * @param retainedBytes WAL that is kept for it
     * @param safeBytes WAL that may still be written before the slot is lost; null without a limit
     */
    public record State(
            boolean active,
            String walStatus,
            @Nullable Lsn confirmed,
            long retainedBytes,
            @Nullable Long safeBytes,
            String plugin) {
        /** Whether what it keeps can still be read. */
        public boolean usable() {
            return !walStatus.equals("lost") && plugin.equals(PLUGIN);
        }
    }

    /**
     * Makes a slot and keeps the snapshot that goes with it. The server first waits for every
     * transaction that is open and has written.
     *
     * @param publisher superuser's login to the database
     * @param limit how long to wait; then the walsender is ended, and nothing is left
     * @throws SwitchbackException SLOT_TIMEOUT naming who was waited for; PG_FAILED
     */
    public static Created create(
            ConnectionSpec publisher, String name, Duration limit, Stopper stopper)
            throws InterruptedException {
        stopper.checkpoint();
        try (Connection replication = Pg.openReplication(publisher);
                Connection control = Pg.open(publisher)) {
            int pid = replication.unwrap(PGConnection.class).getBackendPID();
            String[] waitedFor = {""};
            Thread watch =
                    Thread.ofVirtual()
                            .name("slot-limit")
                            .start(() -> waitedFor[0] = endAfter(limit, control, pid));
            AutoCloseable hook = stopper.onStop(watch::interrupt);
            try (Statement statement = replication.createStatement();
                    ResultSet row =
                            statement.executeQuery(
                                    "CREATE_REPLICATION_SLOT "
                                            + Sql.identifier(name)
                                            + " LOGICAL "
                                            + PLUGIN
                                            + " EXPORT_SNAPSHOT")) {
                row.next();
                Lsn point = Lsn.parse(row.getString("consistent_point"));
                // from here on the snapshot is ours: the walsender's ends with its next command
                return new Created(
                        point, PinnedSnapshot.adopt(publisher, row.getString("snapshot_name")));
            } catch (SQLException e) {
                stopper.checkpoint();
                throw failed(publisher, name, limit, waitedFor[0], e);
            } finally {
                watch.interrupt();
                watch.join();
                hook.close();
            }
        } catch (SQLException e) {
            throw failed(publisher, name, limit, "", e);
        } catch (InterruptedException | SwitchbackException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a stop hook does not close", e);
        }
    }

    /**
     * Makes a slot without a snapshot, from a session as it is. The server waits as for {@link
     * #create}; a slot that is not complete goes with its statement, so nothing is left when that
     * is cancelled.
     *
     * @param session outside of a transaction
     * @param publisher for messages
     * @param limit how long to wait
     * @throws SwitchbackException SLOT_TIMEOUT naming who was waited for
     */
    static void createBare(
            Connection session, String publisher, String name, Duration limit, Stopper stopper)
            throws SQLException, InterruptedException {
        stopper.checkpoint();
        Sql.run(session, "SET statement_timeout = " + limit.toMillis());
        try (PreparedStatement statement =
                        session.prepareStatement(
                                "SELECT pg_create_logical_replication_slot(?, ?)");
                var _ = StopHook.on(stopper, () -> cancel(statement))) {
            statement.setString(1, name);
            statement.setString(2, PLUGIN);
            statement.execute();
        } catch (SQLException e) {
            stopper.checkpoint();
            if (!"57014".equals(e.getSQLState())) {
                throw e;
            }
            throw timedOut(publisher, name, limit, waitedFor(session), e);
        } finally {
            Sql.run(session, "RESET statement_timeout");
        }
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            // a session that cannot be reached is waited for no longer than the time limit
        }
    }

    private static String waitedFor(Connection control) throws SQLException {
        List<String> open =
                Sql.list(
                        control,
                        Sql.resource(Slot.class, "waited-for.sql"),
                        row -> row.getString(1));
        return open.isEmpty() ? "nobody that is seen any more" : String.join("; ", open);
    }

    /** Ends the walsender when the limit is over or somebody interrupts before it is done. */
    private static String endAfter(Duration limit, Connection control, int pid) {
        try {
            TimeUnit.NANOSECONDS.sleep(limit.toNanos());
        } catch (InterruptedException done) {
            return ""; // the slot is there, or the run is stopped and its connection closed
        }
        try {
            String open = waitedFor(control);
            Sql.one(control, "SELECT pg_terminate_backend(?)", pid);
            return open;
        } catch (SQLException e) {
            return "who, cannot be read: " + Pg.words(e);
        }
    }

    private static SwitchbackException failed(
            ConnectionSpec publisher,
            String name,
            Duration limit,
            String waitedFor,
            SQLException e) {
        if (waitedFor.isEmpty()) {
            return new SwitchbackException(
                    new Problem(
                            Code.PG_FAILED,
                            publisher.display(),
                            "making the replication slot " + name + ": " + Pg.words(e),
                            "mend what the server says, then run again"),
                    e);
        }
        return timedOut(publisher.display(), name, limit, waitedFor, e);
    }

    private static SwitchbackException timedOut(
            String publisher, String name, Duration limit, String waitedFor, SQLException e) {
        return new SwitchbackException(
                new Problem(
                        Code.SLOT_TIMEOUT,
                        publisher,
                        "the replication slot "
                                + name
                                + " was not there within "
                                + limit.toSeconds()
                                + " s: it waits for transactions that have written, "
                                + waitedFor,
                        "let them end or end them, then run again; nothing was left behind"),
                e);
    }

    /** The slot as the server sees it now; empty when there is none. */
    public static Optional<State> state(Connection publisher, String name) throws SQLException {
        return Sql.list(
                        publisher,
                        Sql.resource(Slot.class, "slot.sql"),
                        row ->
                                new State(
                                        row.getBoolean("active"),
                                        row.getString("wal_status"),
                                        lsn(row.getString("confirmed")),
                                        row.getLong("retained"),
                                        (Long) row.getObject("safe"),
                                        row.getString("plugin")),
                        name)
                .stream()
                .findFirst();
    }

    private static @Nullable Lsn lsn(@Nullable String text) {
        return text == null ? null : Lsn.parse(text);
    }

    /** Ends whoever uses the slot and drops it; one that is not there is fine. */
    public static void drop(Connection publisher, String name)
            throws SQLException, InterruptedException {
        Instant deadline = Instant.now().plus(DROP_PATIENCE);
        while (true) {
            try {
                Sql.list(
                        publisher,
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?",
                        row -> "",
                        name);
                return;
            } catch (SQLException e) {
                // 55006: somebody uses it; 42704: gone between look and drop
                if ("42704".equals(e.getSQLState())) {
                    return;
                }
                if (!"55006".equals(e.getSQLState()) || Instant.now().isAfter(deadline)) {
                    throw e;
                }
            }
            Sql.list(
                    publisher,
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                            + " WHERE slot_name = ? AND active_pid IS NOT NULL",
                    row -> "",
                    name);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
