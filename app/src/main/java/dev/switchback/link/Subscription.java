package dev.switchback.link;

import dev.switchback.pg.Lsn;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A native subscription without initial copy, over a slot that exists. Statements that a fence's
 * event trigger would refuse go through {@link Fenced}.
 */
public final class Subscription {
    private static final Duration WORKER_PATIENCE = Duration.ofSeconds(30);

    /** First major on which both sides can leave out rows that arrived by replication. */
    private static final int ORIGIN = 16;

    private Subscription() {}

    /**
     * What the subscriber says.
     *
     * @param worker process that applies; null while none runs
     * @param origin the publisher's position up to which everything is applied, durable here; null
     *     before the first change
     * @param errors failed applies since the statistics were reset; -1 where the server does not
     *     count them (before 15)
     * @param conflicts rows passed over because they were missing or differed; -1 before 18
     * @param unready tables that are not in state ready
     */
    public record State(
            boolean enabled,
            @Nullable Integer worker,
            @Nullable Lsn origin,
            long errors,
            long conflicts,
            int unready) {}

    public static boolean exists(Connection subscriber, String name) throws SQLException {
        return Sql.first(subscriber, MINE, name) != null;
    }

    private static final String TIMELINE = "switchback: follows timeline ";

    private static final String MINE =
            "SELECT 1 FROM pg_subscription WHERE subname = ?"
                    + " AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())";

    /**
     * Makes it, disabled. The server connects to the publisher once, to learn its tables.
     *
     * @param conninfo how the subscribing server logs in at the publisher
     * @param publisherMajor the publisher's major version
     * @param fenced lets the statement by a fence's event trigger
     */
    public static void create(
            Connection subscriber,
            String name,
            Secret conninfo,
            String publication,
            int publisherMajor,
            Fenced fenced)
            throws SQLException {
        QuietLog.set(subscriber);
        Sql.run(subscriber, "SET default_transaction_read_only = off");
        boolean origins = publisherMajor >= ORIGIN && Pg.major(subscriber) >= ORIGIN;
        Sql.run(
                subscriber,
                fenced.past(
                        subscriber,
                        "CREATE SUBSCRIPTION "
                                + Sql.identifier(name)
                                + " CONNECTION "
                                + Sql.literal(conninfo.reveal())
                                + " PUBLICATION "
                                + Sql.identifier(publication)
                                + " WITH (create_slot = false, slot_name = "
                                + Sql.literal(name)
                                + ", copy_data = false, enabled = false"
                                + (origins ? ", origin = none" : "")
                                + ")"));
    }

    public static void enable(Connection subscriber, String name, Fenced fenced)
            throws SQLException {
        alter(subscriber, name, "ENABLE", fenced);
    }

    /** Stops applying and waits until the worker is gone. */
    public static void disable(Connection subscriber, String name, Fenced fenced)
            throws SQLException, InterruptedException {
        alter(subscriber, name, "DISABLE", fenced);
        Instant deadline = Instant.now().plus(WORKER_PATIENCE);
        while (state(subscriber, name).map(State::worker).isPresent()) {
            if (Instant.now().isAfter(deadline)) {
                throw new SQLException("the apply worker of " + name + " does not end");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /**
     * Points it at another publisher, which must hold the same history, and notes the timeline on
     * which it goes on: both or neither.
     */
    public static void connect(
            Connection subscriber, String name, Secret conninfo, long timeline, Fenced fenced)
            throws SQLException {
        QuietLog.set(subscriber);
        String quoted = Sql.identifier(name);
        Sql.run(subscriber, "SET default_transaction_read_only = off");
        Sql.run(
                subscriber,
                fenced.past(
                        subscriber,
                        "ALTER SUBSCRIPTION "
                                + quoted
                                + " CONNECTION "
                                + Sql.literal(conninfo.reveal())
                                + "; COMMENT ON SUBSCRIPTION "
                                + quoted
                                + " IS "
                                + Sql.literal(TIMELINE + timeline)));
    }

    /** The publisher's timeline that {@link #connect} noted; empty when it was never called. */
    public static Optional<Long> timeline(Connection subscriber, String name) throws SQLException {
        String comment =
                Sql.first(
                        subscriber,
                        "SELECT obj_description(oid, 'pg_subscription') FROM pg_subscription"
                                + " WHERE subname = ? AND subdbid ="
                                + " (SELECT oid FROM pg_database WHERE datname = current_database())",
                        name);
        return Optional.ofNullable(comment)
                .filter(c -> c.startsWith(TIMELINE))
                .map(c -> Long.valueOf(c.substring(TIMELINE.length())));
    }

    private static void alter(Connection subscriber, String name, String change, Fenced fenced)
            throws SQLException {
        Sql.run(subscriber, "SET default_transaction_read_only = off");
        Sql.run(
                subscriber,
                fenced.past(
                        subscriber, "ALTER SUBSCRIPTION " + Sql.identifier(name) + " " + change));
    }

    /** Takes it away and leaves the publisher's slot alone; one that is not there is fine. */
    public static void drop(Connection subscriber, String name, Fenced fenced)
            throws SQLException, InterruptedException {
        if (!exists(subscriber, name)) {
            return;
        }
        disable(subscriber, name, fenced);
        String quoted = Sql.identifier(name);
        Sql.run(
                subscriber,
                fenced.past(
                        subscriber,
                        "ALTER SUBSCRIPTION "
                                + quoted
                                + " SET (slot_name = NONE); DROP SUBSCRIPTION "
                                + quoted));
    }

    /** Empty when there is no such subscription in the session's database. */
    public static Optional<State> state(Connection subscriber, String name) throws SQLException {
        int major = Pg.major(subscriber);
        String counters =
                major >= 18
                        ? "st.apply_error_count, st.confl_insert_exists + st.confl_update_origin_differs"
                                + " + st.confl_update_exists + st.confl_update_missing"
                                + " + st.confl_delete_origin_differs + st.confl_delete_missing"
                                + " + st.confl_multiple_unique_conflicts"
                        : major >= 15 ? "st.apply_error_count, -1" : "-1, -1";
        String sql =
                Sql.resource(Subscription.class, "subscription.sql")
                        .replace("/* counters */", counters)
                        .replace(
                                "/* statistics */",
                                major >= 15
                                        ? "LEFT JOIN pg_catalog.pg_stat_subscription_stats st ON st.subid = s.oid"
                                        : "");
        return Sql.list(
                        subscriber,
                        sql,
                        row ->
                                new State(
                                        row.getBoolean(1),
                                        (Integer) row.getObject(2),
                                        lsn(row.getString(3)),
                                        row.getLong(5),
                                        row.getLong(6),
                                        row.getInt(4)),
                        name)
                .stream()
                .findFirst();
    }

    private static @Nullable Lsn lsn(@Nullable String text) {
        return text == null || text.equals("0/0") ? null : Lsn.parse(text);
    }

    /** The tables it applies to, the heartbeat left out. */
    public static Set<TableId> tables(Connection subscriber, String name) throws SQLException {
        Set<TableId> tables =
                new TreeSet<>(
                        Sql.list(
                                subscriber,
                                Sql.resource(Subscription.class, "subscribed-tables.sql"),
                                row -> new TableId(row.getString(1), row.getString(2)),
                                name));
        tables.remove(Heartbeat.TABLE);
        return tables;
    }
}
