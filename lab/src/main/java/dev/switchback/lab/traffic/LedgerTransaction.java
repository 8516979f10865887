package dev.switchback.lab.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A transaction while a pod is at it: first what it is going to do, then exactly one of {@link
 * #acknowledged}, {@link #unknown} and {@link #refused}. Used by one thread.
 */
final class LedgerTransaction {

    /** An existing row that no other transaction may touch until this one is decided. */
    record Claimed(RowKey row, String value) {}

    private final Ledger ledger;
    private final long number;
    private final String pod;
    private final List<Effect> effects = new ArrayList<>();
    private final List<RowKey> held = new ArrayList<>();

    LedgerTransaction(Ledger ledger, long number, String pod) {
        this.ledger = ledger;
        this.number = number;
        this.pod = pod;
    }

    long number() {
        return number;
    }

    String pod() {
        return pod;
    }

    List<Effect> effects() {
        return effects;
    }

    /** Every row touched, whether or not an effect was planned for it. */
    List<RowKey> held() {
        return held;
    }

    /** A new row; its token is in the key. */
    RowKey insert(TrafficTable table, String value) {
        RowKey row = ledger.reserve(table);
        held.add(row);
        effects.add(new Effect(row, null, value));
        return row;
    }

    /** Some row written earlier by any pod, empty when there is none free. */
    Optional<Claimed> claim(TrafficTable table) {
        Optional<Claimed> claimed = ledger.claim(table);
        claimed.ifPresent(c -> held.add(c.row()));
        return claimed;
    }

    void update(Claimed row, String value) {
        effects.add(new Effect(row.row(), row.value(), value));
    }

    void delete(Claimed row) {
        effects.add(new Effect(row.row(), row.value(), null));
    }

    /** COMMIT returned. */
    void acknowledged(String server) {
        ledger.acknowledge(this, server);
    }

    /** COMMIT was sent, no answer came. */
    void unknown(String why) {
        ledger.forget(this, why);
    }

    /** Certainly not committed. */
    void refused(String why) {
        ledger.release(this, why);
    }

    /** The server did not show a claimed row as it was acknowledged. */
    void contradicted(Claimed row, int rowsFound) {
        ledger.contradict(row.row(), rowsFound);
    }
}
