package dev.switchback.copy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one database on their way: what is to be copied and how, shared by all workers. See
 * {@link TableCopy} for the order and the invariants.
 */
public final class Loading implements AutoCloseable {
    /** Megabytes of rows above one megabyte that may be in our memory at the same time. */
    private static final int WIDE_MEGABYTES = 210;

    private final ConnectionSpec source;
    private final ConnectionSpec target;
    private final PinnedSnapshot snapshot;
    private final Consumer<TableProgress> progress;
    private final CopyNotes notes;
    private final String encoding;
    private final List<SourceTable> tables;
    private final Map<TableId, CopyNotes.Tally> before;
    private final LoadingPlan plan;
    private final Semaphore wideRoom = new Semaphore(WIDE_MEGABYTES, true);
    private final Set<Connection> readers = ConcurrentHashMap.newKeySet();
    private final Map<TableId, Connection> guards = new ConcurrentHashMap<>();
    private final Map<TableId, AtomicInteger> partsLeft = new ConcurrentHashMap<>();
    private final Map<TableId, Integer> partCounts = new ConcurrentHashMap<>();
    private final Map<TableId, Map<Object, CopyNotes.Tally>> underWay = new ConcurrentHashMap<>();
    private final Map<TableId, Long> nanos = new ConcurrentHashMap<>();
    private final Queue<TableOutcome> outcomes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unitsLeft;
    private final AtomicInteger retries = new AtomicInteger();

    Loading(
            ConnectionSpec source,
            ConnectionSpec target,
            PinnedSnapshot snapshot,
            Consumer<TableProgress> progress,
            String encoding,
            CopyNotes notes,
            List<SourceTable> tables,
            Map<TableId, CopyNotes.Tally> before,
            LoadingPlan plan) {
        this.source = source;
        this.target = target;
        this.snapshot = snapshot;
        this.progress = progress;
        this.encoding = encoding;
        this.notes = notes;
        this.tables = tables;
        this.before = before;
        this.plan = plan;
        this.unitsLeft = new AtomicInteger(plan.units().size());
        for (CopyUnit unit : plan.units()) {
            if (unit.part() != null) {
                TableId id = unit.tables().getFirst().id();
                partsLeft.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet();
            }
        }
        partsLeft.forEach((id, left) -> partCounts.put(id, left.get()));
    }

    /**
     * Looks at both sides and decides; empties the tables that it cuts into parts.
     *
     * @param wanted which tables
     * @param longRows when that was looked at already, else null
     * @throws SwitchbackException ROW_TOO_LARGE; COPY_FAILED; DATABASE_SETTINGS when the encodings
     *     differ
     */
    public static Loading open(
            ConnectionSpec source,
            ConnectionSpec target,
            Exclusions exclusions,
            Predicate<TableId> wanted,
            CopyOptions options,
            PinnedSnapshot snapshot,
            @Nullable LongRows longRows,
            Consumer<TableProgress> progress) {
        try (Connection reader = DataSession.reader(source);
                Connection writer = DataSession.writer(target)) {
            String encoding = oneEncoding(target, reader, writer);
            snapshot.join(reader);
            List<SourceTable> tables =
                    SourceTable.read(reader, exclusions).stream()
                            .filter(t -> wanted.test(t.id()))
                            .toList();
            refuseUnreadable(reader, tables);
            CopyNotes notes = new CopyNotes(options.attempt());
            notes.forgetEmptied(writer);
            LoadingPlan plan =
                    new LoadingPlan(
                            options, exclusions, encoding, notes, reader, writer, tables, longRows);
            Map<TableId, CopyNotes.Tally> before = notes.copied(writer);
            Loading loading =
                    new Loading(
                            source, target, snapshot, progress, encoding, notes, tables, before,
                            plan);
            loading.guardCutTables();
            return loading;
        } catch (SQLException e) {
            throw TableCopy.failed(target.display(), "preparing the copy: " + Pg.words(e), e);
        }
    }

    private static String oneEncoding(ConnectionSpec target, Connection reader, Connection writer)
            throws SQLException {
        String there = DataSession.encoding(reader);
        String here = DataSession.encoding(writer);
        if (!there.equals(here)) {
            throw new SwitchbackException(
                    Code.DATABASE_SETTINGS,
                    target.display(),
                    "the source's encoding is " + there + ", the target's is " + here,
                    "create the target database with ENCODING '" + there + "'");
        }
        return there;
    }

    /** A standby has no rows of unlogged tables; leaving them out silently would lose them. */
    static void refuseUnreadable(Connection reader, List<SourceTable> tables) throws SQLException {
        List<TableId> unlogged =
                tables.stream().filter(SourceTable::unlogged).map(SourceTable::id).toList();
        if (!unlogged.isEmpty() && "t".equals(Sql.one(reader, "SELECT pg_is_in_recovery()"))) {
            throw new SwitchbackException(
                    Code.PG_STANDBY,
                    unlogged.getFirst().toString(),
                    "is unlogged, one of "
                            + unlogged.size()
                            + ": their rows are not on a standby, and the source is one",
                    "copy from the primary, or leave these tables out");
        }
    }

    /** All tables that are to arrive, largest first. */
    public List<SourceTable> tables() {
        return tables;
    }

    /** Tables that an earlier run completed. */
    public List<SourceTable> copiedBefore() {
        return tables.stream().filter(t -> before.containsKey(t.id())).toList();
    }

    /** What is left to do, largest first. */
    public List<CopyUnit> units() {
        return plan.units();
    }

    public CopyDesk desk(Sessions sessions) {
        return new CopyDesk(this, sessions);
    }

    /** How often a unit was begun again because a connection broke. */
    public int retries() {
        return retries.get();
    }

    /** One for each table that is complete, those of earlier runs included. */
    public List<TableOutcome> outcomes() {
        List<TableOutcome> all = new ArrayList<>(outcomes);
        before.forEach((id, tally) ->
                all.add(
                        new TableOutcome(
                                id.toString(),
                                tally.rows(),
                                tally.bytes(),
                                0,
                                "",
                                "",
                                0,
                                false,
                                "",
                                true)));
        return all;
    }

    /**
     * Something else that is read under the snapshot, which {@code unit}s do not count; end it with
     * {@link #readExtra}.
     */
    public void expectExtra() {
        unitsLeft.incrementAndGet();
    }

    /** What {@link #expectExtra} announced has been read. */
    public void readExtra() {
        oneLess();
    }

    private void oneLess() {
        if (unitsLeft.decrementAndGet() == 0) {
            release();
        }
    }

    /** Nothing is read any more: ends the readers and the snapshot, which hold back vacuum. */
    public void release() {
        readers.forEach(Loading::closeQuietly);
        snapshot.close();
    }

    CopyNotes notes() {
        return notes;
    }

    String encoding() {
        return encoding;
    }

    UnitCopier.Way way(SourceTable table, CopyUnit.@Nullable Part part) {
        return plan.way(table, part);
    }

    /** How far a unit is with a table; told with what its other parts have sent. */
    void tell(SourceTable table, CopyUnit.@Nullable Part part, CopyNotes.Tally sent) {
        Map<Object, CopyNotes.Tally> parts =
                underWay.computeIfAbsent(table.id(), _ -> new ConcurrentHashMap<>());
        parts.put(part == null ? table : part, sent);
        long rows = 0;
        long bytes = 0;
        for (CopyNotes.Tally each : parts.values()) {
            rows += each.rows();
            bytes += each.bytes();
        }
        progress.accept(new TableProgress(table.id(), rows, bytes, table.bytes(), false));
    }

    boolean snapshotAlive() {
        return snapshot.isAlive();
    }

    void countRetry() {
        retries.incrementAndGet();
    }

    Connection openReader(Sessions sessions) throws SQLException {
        Connection reader = sessions.add(DataSession.reader(source));
        try {
            snapshot.join(reader);
            // a range of pages by ctid, never by reading the whole table; and no helpers beside us
            Sql.run(
                    reader,
                    "SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0");
        } catch (SQLException e) {
            reader.close();
            throw e;
        }
        readers.add(reader);
        return reader;
    }

    Connection openWriter(Sessions sessions) throws SQLException {
        Connection writer = sessions.add(DataSession.writer(target));
        writer.setAutoCommit(false);
        Sql.run(writer, "SET synchronous_commit = off");
        writer.commit();
        return writer;
    }

    /** Waits until the unit's longest row fits beside those of the other workers. */
    WideRoom room(CopyUnit unit) throws InterruptedException {
        long longest = plan.longestRow(unit.tables().getFirst().id());
        int permits = (int) Math.min(WIDE_MEGABYTES, longest >> 20);
        wideRoom.acquire(permits);
        return () -> wideRoom.release(permits);
    }

    /** Memory given back by closing. */
    @FunctionalInterface
    interface WideRoom extends AutoCloseable {
        @Override
        void close();
    }

    List<SourceTable> done(
            CopyUnit unit, List<CopyNotes.Tally> tallies, long took, Connection writer)
            throws SQLException {
        List<SourceTable> complete = new ArrayList<>();
        for (int i = 0; i < tallies.size(); i++) {
            SourceTable table = unit.tables().get(i);
            CopyNotes.Tally tally = tallies.get(i);
            long share = took / tallies.size();
            nanos.merge(table.id(), share, Long::sum);
            if (unit.part() == null) {
                complete(table, tally, 1, unit.part());
                complete.add(table);
            } else if (Objects.requireNonNull(partsLeft.get(table.id())).decrementAndGet() == 0) {
                complete(
                        table,
                        finish(table, writer),
                        partCounts.getOrDefault(table.id(), 1),
                        unit.part());
                complete.add(table);
            }
        }
        oneLess();
        return complete;
    }

    private CopyNotes.Tally finish(SourceTable table, Connection writer) throws SQLException {
        String rows = notes.finish(writer, table);
        if (rows == null) {
            writer.rollback();
            throw TableCopy.failed(
                    table.id().toString(),
                    "its parts do not join: a gap, an overlap, or one that has not arrived",
                    new SQLException("parts do not join"));
        }
        writer.commit();
        Connection guard = guards.remove(table.id());
        if (guard != null) {
            closeQuietly(guard);
        }
        return Objects.requireNonNull(notes.copied(writer).get(table.id()));
    }

    private void complete(
            SourceTable table, CopyNotes.Tally tally, int parts, CopyUnit.@Nullable Part part) {
        UnitCopier.Way way = plan.way(table, part);
        outcomes.add(
                new TableOutcome(
                        table.id().toString(),
                        tally.rows(),
                        tally.bytes(),
                        nanos.getOrDefault(table.id(), 0L) / 1e9,
                        way.text() ? "text" : "binary",
                        plan.whyText(table),
                        parts,
                        way.freeze(),
                        plan.whyNotFrozen(table, part),
                        false));
        underWay.remove(table.id());
        progress.accept(
                new TableProgress(table.id(), tally.rows(), tally.bytes(), table.bytes(), true));
    }

    /**
     * Autovacuum must not look at a table of which only some parts are committed: it would note
     * that the table has pages and no rows, and the planner would believe it. This lock makes it
     * skip the table, and lets COPY through.
     */
    private void guardCutTables() throws SQLException {
        Map<TableId, SourceTable> cut = new LinkedHashMap<>();
        for (CopyUnit unit : plan.units()) {
            if (unit.part() != null) {
                cut.put(unit.tables().getFirst().id(), unit.tables().getFirst());
            }
        }
        for (TableId id : cut.keySet()) {
            Connection guard = DataSession.writer(target);
            guards.put(id, guard);
            guard.setAutoCommit(false);
            Sql.run(guard, "LOCK TABLE ONLY " + id.sql() + " IN SHARE UPDATE EXCLUSIVE MODE");
        }
    }

    private static void closeQuietly(Connection session) {
        try {
            session.close();
        } catch (SQLException alreadyGone) {
            Pg.words(alreadyGone); // a session that is gone is closed
        }
    }

    /** Ends what is still open; the snapshot stays its opener's affair. */
    @Override
    public void close() {
        readers.forEach(Loading::closeQuietly);
        guards.values().forEach(Loading::closeQuietly);
    }
}
