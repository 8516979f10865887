package dev.switchback.fence;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Lsn;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the given databases of one server unwritable to applications, superusers included, and
 * proves it.
 *
 * <p>{@link #raise}, in this order:
 *
 * <ol>
 *   <li>No prepared transactions, or nothing is changed: they cannot be ended for their owner.
 *   <li>Read-only by default, large-object functions revoked: polite sessions stop by themselves.
 *   <li>Application sessions ended ({@link ApplicationSessions}), so that locks come free.
 *   <li>A kept session locks the large-object catalogs ({@link FenceHold}).
 *   <li>A statement trigger, ENABLE ALWAYS, on every table, busiest first ({@link WriteTriggers});
 *       who keeps a table from us is ended ({@link LockPatience}). This is the fence proper.
 *   <li>An event trigger, ENABLE ALWAYS, refuses DDL ({@link DdlTrigger}).
 *   <li>Sessions ended again and waited for, then tables listed again, until none lacks the
 *       trigger: a table created by a transaction that was open at step 6 shows only after its end.
 *   <li>Barrier: row counters still, then WAL position and all counters ({@link QuietReader}).
 * </ol>
 *
 * <p>Invariants: no step loosens what an earlier one closed, in any committed state; a run after a
 * crash completes what is missing; nothing of it needs the memory of the run before. After the
 * proof no statement of an application, owner or superuser that changes rows, definitions or large
 * objects is acknowledged, {@code BEGIN READ WRITE} and {@code session_replication_role} included;
 * replication workers apply through it. What is left to a superuser – switching the event trigger
 * off, sequences, writing catalogs – is seen by {@link #check} and by {@link
 * QuietProof#changesUntil}.
 *
 * <p>{@link #lower} opens in the reverse order and only puts back what {@link #record} found. Any
 * session of ours that must write to a fenced database says {@code SET
 * default_transaction_read_only = off} itself.
 *
 * <p>Not thread-safe, except {@link #check} beside any other call.
 */
public final class Fence implements AutoCloseable {
    private final ConnectionSpec server;
    private final List<String> databases;
    private final Spared spared;
    private volatile Map<String, FenceHold> holds = Map.of();

    /**
     * @param superuser how to log in; its application name must be {@code switchback/<run>/<step>}
     * @param databases the migrated databases, at least one
     */
    public Fence(ConnectionSpec superuser, List<String> databases, Spared spared) {
        if (databases.isEmpty()) {
            throw new IllegalArgumentException("a fence needs at least one database");
        }
        this.server = superuser;
        this.databases = List.copyOf(databases);
        this.spared = spared;
    }

    public Fence(ConnectionSpec superuser, List<String> databases) {
        this(superuser, databases, Spared.DEFAULT);
    }

    /**
     * What the fence is about to change, to be journalled before {@link #raise}; {@link #lower}
     * needs it.
     */
    public Map<String, String> record() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String database : databases) {
            try (FenceSession session = FenceSession.open(server, database)) {
                found.putAll(PriorState.record(session));
            } catch (SQLException e) {
                throw FenceSession.failed(database, "recording the state before the fence", e);
            }
        }
        return found;
    }

    /**
     * Raises the fence, or completes one that was begun.
     *
     * @throws SwitchbackException PREPARED_TRANSACTIONS, FENCE_INCOMPLETE or SOURCE_NOT_QUIET; what
     *     was closed until then stays closed until {@link #lower}
     */
    public FenceProof raise(Stopper stopper) throws InterruptedException {
        long start = System.nanoTime();
        try (Sessions work = Sessions.open(server, databases)) {
            ApplicationSessions applications = new ApplicationSessions(databases, server, spared);
            for (FenceSession session : work.all()) {
                PreparedTransactions.refuse(session.connection(), session.database());
            }
            for (FenceSession session : work.all()) {
                PriorState.close(session);
            }
            applications.end(work.any(), null);
            hold(stopper);
            Instant fencedAt = new Closing(work.all(), applications, stopper).close();
            QuietReader reader = new QuietReader(applications);
            reader.awaitStill(work.all(), stopper);
            Lsn barrier =
                    Lsn.parse(Sql.one(work.any(), "SELECT pg_current_wal_insert_lsn()::text"));
            QuietProof quiet = reader.read(work.all(), fencedAt, stopper);
            Optional<Problem> broken = check();
            if (broken.isPresent()) {
                throw new SwitchbackException(broken.get());
            }
            int tables = 0;
            for (FenceSession session : work.all()) {
                tables += WriteTriggers.count(session);
            }
            return new FenceProof(
                    barrier,
                    Duration.ofNanos(System.nanoTime() - start),
                    tables,
                    applications.terminated(),
                    applications.sparedSeen(),
                    quiet);
        } catch (SQLException e) {
            throw FenceSession.failed(String.join(", ", databases), "raising the fence", e);
        }
    }

    /**
     * Takes the large-object locks again in a new process, the fence itself being up; closed by
     * {@link #close}.
     */
    public void hold(Stopper stopper) throws InterruptedException {
        close();
        for (String database : databases) {
            try {
                // published one by one, so that close() finds every one that was taken
                Map<String, FenceHold> more = new LinkedHashMap<>(holds);
                more.put(database, FenceHold.take(server, database, stopper));
                holds = more;
            } catch (SQLException e) {
                throw FenceSession.failed(database, "locking the large-object catalogs", e);
            }
        }
    }

    /**
     * Lets the large objects of one database be read by {@code lo_read}, as {@code pg_dump} does,
     * which waits for our locks otherwise. They still cannot be made nor removed, but a superuser
     * could write to one that exists: after {@link #refuseLargeObjects}, compare {@link #quiet}
     * with the reading at the barrier before relying on what was read.
     */
    public void letLargeObjectsBeRead(String database) {
        try {
            held(database).letRead();
        } catch (SQLException e) {
            throw FenceSession.failed(database, "letting large objects be read", e);
        }
    }

    /** Ends what {@link #letLargeObjectsBeRead} began; who writes meanwhile is ended. */
    public void refuseLargeObjects(String database, Stopper stopper) throws InterruptedException {
        try {
            held(database).refuse(stopper);
        } catch (SQLException e) {
            throw FenceSession.failed(database, "locking the large objects again", e);
        }
    }

    private FenceHold held(String database) {
        FenceHold hold = holds.get(database);
        if (hold == null) {
            throw new IllegalStateException("the fence of " + database + " is not held");
        }
        return hold;
    }

    /**
     * The statements so that the fence's event trigger, where one is on the session's database,
     * lets them pass: in one transaction, which no other session sees. To be sent as one string in
     * autocommit; for what must be defined behind the fence, a subscription for example.
     */
    public static String past(Connection session, String statements) throws SQLException {
        return DdlTrigger.past(session, statements);
    }

    /**
     * Whether the fence still stands: one query per database on the session that holds the locks,
     * cheap enough for every second.
     *
     * @return the first thing that is broken; a session that is gone counts as broken
     */
    public Optional<Problem> check() {
        Map<String, FenceHold> held = holds;
        for (String database : databases) {
            FenceHold hold = held.get(database);
            if (hold == null) {
                return Optional.of(
                        new Problem(
                                Code.FENCE_BROKEN,
                                database,
                                "this process does not hold the large-object locks",
                                "raise the fence again"));
            }
            Optional<Problem> broken = hold.check();
            if (broken.isPresent()) {
                return broken;
            }
        }
        return Optional.empty();
    }

    /**
     * A later reading, to be compared with the one in {@link FenceProof#quiet}. Costs one scan of
     * {@code pg_largeobject}.
     */
    public QuietProof quiet(Instant fencedAt, Stopper stopper) throws InterruptedException {
        try (Sessions work = Sessions.open(server, databases)) {
            QuietReader reader =
                    new QuietReader(new ApplicationSessions(databases, server, spared));
            return reader.read(work.all(), fencedAt, stopper);
        } catch (SQLException e) {
            throw FenceSession.failed(String.join(", ", databases), "reading the counters", e);
        }
    }

    /**
     * Opens the databases again and puts back what {@link #record} found; idempotent. Tables are
     * writable from its first statement on; a reader that keeps a trigger from being taken off is
     * ended after a moment.
     *
     * @param recorded may hold other entries too
     * @throws SwitchbackException UNDO_FAILED when a trigger cannot be taken off in time; run again
     */
    public void lower(Map<String, String> recorded) {
        List<SwitchbackException> failures = new ArrayList<>();
        for (String database : databases) {
            // one database that cannot be opened must not keep the others closed
            try (FenceSession session = FenceSession.open(server, database)) {
                DdlTrigger.open(session.connection());
                WriteTriggers.remove(session);
                DdlTrigger.dropFunctions(session.connection());
                PriorState.restore(session, recorded);
            } catch (SQLException e) {
                failures.add(FenceSession.failed(database, "lowering the fence", e));
            } catch (SwitchbackException e) {
                failures.add(e);
            }
        }
        close();
        if (!failures.isEmpty()) {
            SwitchbackException first = failures.getFirst();
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /** Gives up the large-object locks; triggers, and with them the fence, stay. */
    @Override
    public void close() {
        Map<String, FenceHold> held = holds;
        holds = Map.of();
        List<RuntimeException> failures = new ArrayList<>();
        for (FenceHold hold : held.values()) {
            try {
                hold.close();
            } catch (SwitchbackException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** One session per database for the length of a call. */
    private record Sessions(List<FenceSession> all) implements AutoCloseable {
        static Sessions open(ConnectionSpec server, List<String> databases) throws SQLException {
            Sessions opened = new Sessions(new ArrayList<>());
            boolean complete = false;
            try {
                for (String database : databases) {
                    opened.all.add(FenceSession.open(server, database));
                }
                complete = true;
                return opened;
            } finally {
                if (!complete) {
                    opened.close();
                }
            }
        }

        java.sql.Connection any() {
            return all.getFirst().connection();
        }

        @Override
        public void close() throws SQLException {
            for (FenceSession session : all) {
                session.close();
            }
        }
    }
}
