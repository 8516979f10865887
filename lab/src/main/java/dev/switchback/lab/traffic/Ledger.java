package dev.switchback.lab.traffic;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the application was promised. Ids are chosen here, outside the database; a transaction is
 * entered as acknowledged only after COMMIT returned; one whose COMMIT was never answered is of
 * unknown outcome, a class of its own. In memory, with an append-only copy on disk. Thread-safe.
 */
public final class Ledger implements AutoCloseable {
    private final LedgerClock clock = new LedgerClock();
    private final LedgerFile file;
    private final long firstToken;
    private final Rows rows = new Rows();
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();
    private final Map<Long, Acknowledgement> byTransaction = new HashMap<>();
    private final List<LedgerEvent> events = new ArrayList<>();
    private final List<Instant> switchesBack = new ArrayList<>();
    private final Set<Long> contradicted = new HashSet<>();
    private long nextToken;
    private long transactions;
    private long unknown;
    private long acknowledgedRows;

    /**
     * @param copy the file that every entry is appended to
     */
    public Ledger(Path copy) {
        this.file = new LedgerFile(copy);
        // tokens of an earlier run in the same database stay below
        this.firstToken = clock.now().toEpochMilli() << 20;
        this.nextToken = firstToken;
    }

    /** The clients' clock that all times here are of. */
    public Instant now() {
        return clock.now();
    }

    /** Acknowledged transactions in the order they were entered. */
    public synchronized List<Acknowledgement> acknowledgements() {
        return List.copyOf(acknowledgements);
    }

    /** What happened to the pods, in order. */
    public synchronized List<LedgerEvent> events() {
        return List.copyOf(events);
    }

    public synchronized long acknowledgedWrites() {
        return acknowledgements.size();
    }

    /** Rows that acknowledged transactions inserted, updated or deleted. */
    public synchronized long acknowledgedRows() {
        return acknowledgedRows;
    }

    public synchronized long unknownWrites() {
        return unknown;
    }

    /**
     * A switch in the other direction was ordered: from now on a server that had been replaced may
     * take over once more.
     */
    public synchronized void expectSwitchBack() {
        switchesBack.add(clock.now());
        file.append(clock.now(), "switch-back-expected");
    }

    /**
     * The longest time between two acknowledged commits that touches the range; a range that ends
     * without a commit counts up to its end. Empty when nothing was acknowledged before its end.
     */
    public Optional<Duration> longestPause(Instant from, Instant to) {
        return Timeline.longestPause(acknowledgements(), from, to);
    }

    /**
     * From the first pod stopped or refused in the range until every pod that runs serves again.
     * Zero when none was stopped or refused; empty when at the end of the range some pod still does
     * not serve, or none runs.
     */
    public Optional<Duration> downtime(Instant from, Instant to) {
        return Timeline.downtime(events(), from, to);
    }

    /**
     * Compares the ledger with the servers. May be called while pods run – rows on the move are
     * then left out – but is final only when they have stopped.
     *
     * @param servingSide a session that may read the application's tables of the side that serves
     * @param otherSide the same on the side that does not, to say where a lost row is; or null
     */
    public Judgement judge(Connection servingSide, @Nullable Connection otherSide)
            throws SQLException {
        return new Judge(this).judge(servingSide, otherSide);
    }

    /** Deletes an acknowledged row behind the ledger's back; says which. For self-tests. */
    public String plantLostWrite(Connection servingSide) throws SQLException {
        return Sabotage.lostWrite(this, servingSide);
    }

    /** Doubles an acknowledged row behind the ledger's back; says which. For self-tests. */
    public String plantDouble(Connection servingSide) throws SQLException {
        return Sabotage.doubled(this, servingSide);
    }

    /** Puts an acknowledged row back to its earlier value; says which. For self-tests. */
    public String plantStaleUpdate(Connection servingSide) throws SQLException {
        return Sabotage.staleUpdate(this, servingSide);
    }

    /** Ends the copy on disk; pods must have stopped. */
    @Override
    public void close() {
        file.close();
    }

    /** All that a judgement needs, at one instant. */
    record Page(
            Map<RowKey, RowState> states,
            Set<RowKey> inFlight,
            Set<Long> contradicted,
            Map<Long, Acknowledgement> byTransaction,
            List<Acknowledgement> acknowledgements,
            List<Instant> switchesBack,
            long unknown) {}

    synchronized Page page() {
        return new Page(
                rows.states(),
                rows.inFlight(),
                Set.copyOf(contradicted),
                Map.copyOf(byTransaction),
                List.copyOf(acknowledgements),
                List.copyOf(switchesBack),
                unknown);
    }

    long firstToken() {
        return firstToken;
    }

    synchronized void event(String pod, LedgerEvent.Kind kind, String detail) {
        LedgerEvent event = new LedgerEvent(clock.now(), pod, kind, detail);
        events.add(event);
        file.append(event.at(), kind.name(), pod, detail);
    }

    synchronized LedgerTransaction begin(String pod) {
        return new LedgerTransaction(this, ++transactions, pod);
    }

    synchronized RowKey reserve(TrafficTable table) {
        RowKey row = new RowKey(table, nextToken++);
        rows.hold(row);
        return row;
    }

    synchronized Optional<LedgerTransaction.Claimed> claim(TrafficTable table) {
        return rows.take(table, ThreadLocalRandom.current(), state -> true)
                .map(row -> {
                    rows.hold(row);
                    return new LedgerTransaction.Claimed(row, valueOf(row));
                });
    }

    /** Takes a row from the pods for good, to be tampered with. */
    synchronized Optional<LedgerTransaction.Claimed> takeForGood(
            TrafficTable table, boolean changedBefore) {
        return rows.take(
                        table,
                        ThreadLocalRandom.current(),
                        state -> !changedBefore || state.previous() != null)
                .map(row -> new LedgerTransaction.Claimed(row, valueOf(row)));
    }

    synchronized Optional<String> previousValue(RowKey row) {
        return Optional.ofNullable(rows.state(row)).map(RowState::previous);
    }

    synchronized void acknowledge(LedgerTransaction transaction, String server) {
        Acknowledgement acknowledgement =
                new Acknowledgement(clock.now(), transaction.number(), transaction.pod(), server);
        acknowledgements.add(acknowledgement);
        byTransaction.put(transaction.number(), acknowledgement);
        acknowledgedRows += transaction.effects().size();
        for (Effect effect : transaction.effects()) {
            rows.put(
                    effect.row(),
                    new RowState(
                            effect.after(), effect.before(), transaction.number(), false, null));
        }
        transaction.held().forEach(rows::letGo);
        write(acknowledgement.at(), "ACKNOWLEDGED", transaction, server);
    }

    synchronized void forget(LedgerTransaction transaction, String why) {
        unknown++;
        for (Effect effect : transaction.effects()) {
            RowState before = rows.state(effect.row());
            rows.put(
                    effect.row(),
                    new RowState(
                            effect.before(),
                            null,
                            before == null ? transaction.number() : before.transaction(),
                            true,
                            effect.after()));
        }
        transaction.held().forEach(rows::letGo);
        write(clock.now(), "UNKNOWN", transaction, why);
    }

    synchronized void release(LedgerTransaction transaction, String why) {
        transaction.held().forEach(rows::letGo);
        write(clock.now(), "REFUSED", transaction, why);
    }

    synchronized void contradict(RowKey row, int rowsFound) {
        RowState state = rows.state(row);
        if (state != null && rowsFound == 0) {
            contradicted.add(state.transaction());
        }
        file.append(clock.now(), "CONTRADICTED", row.toString(), rowsFound + " rows");
    }

    private void write(Instant at, String kind, LedgerTransaction transaction, String detail) {
        StringBuilder effects = new StringBuilder();
        for (Effect effect : transaction.effects()) {
            effects.append(effect.verb()).append(' ').append(effect.row());
            effects.append(effect.after() == null ? "; " : " = " + effect.after() + "; ");
        }
        file.append(
                at,
                kind,
                String.valueOf(transaction.number()),
                transaction.pod(),
                detail,
                effects.toString());
    }

    private String valueOf(RowKey row) {
        RowState state = rows.state(row);
        if (state == null || state.value() == null) {
            throw new IllegalStateException("a free row exists: " + row);
        }
        return state.value();
    }
}
