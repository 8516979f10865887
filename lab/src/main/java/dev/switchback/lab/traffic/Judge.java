package dev.switchback.lab.traffic;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the ledger with a server.
 *
 * <ol>
 *   <li>The ledger is read, then the server, then the ledger again.
 *   <li>A row that a transaction held at either reading, or whose state differs between them, is on
 *       the move and not judged.
 *   <li>Every other row of the ledger must be there exactly once with the value last acknowledged,
 *       or not at all when it was deleted; a row that an unknown outcome touched may be either.
 *   <li>Every row of the server with a token of this ledger must be known to it.
 *   <li>After the first acknowledgement of a new server no earlier one may acknowledge.
 * </ol>
 */
final class Judge {
    private static final int EXAMPLES = 20;

    private final Ledger ledger;
    private final List<String> examples = new ArrayList<>();
    private final Set<Long> lost = new HashSet<>();
    private long duplicates;
    private long phantoms;
    private long unjudged;

    Judge(Ledger ledger) {
        this.ledger = ledger;
    }

    Judgement judge(Connection serving, @Nullable Connection other) throws SQLException {
        Ledger.Page before = ledger.page();
        Map<RowKey, List<String>> found = rows(serving);
        Ledger.Page after = ledger.page();
        Map<RowKey, List<String>> elsewhere = other == null ? Map.of() : rows(other);
        before.states()
                .forEach((row, state) -> {
                    if (moving(row, state, before, after)) {
                        unjudged++;
                    } else {
                        compare(
                                row,
                                state,
                                found.getOrDefault(row, List.of()),
                                elsewhere.getOrDefault(row, List.of()),
                                after);
                    }
                });
        found.keySet().stream()
                .filter(row -> !after.states().containsKey(row) && !after.inFlight().contains(row))
                .forEach(row -> {
                    phantoms++;
                    example("phantom: " + row + " exists, but its transaction was refused");
                });
        for (Long transaction : after.contradicted()) {
            if (lost.add(transaction)) {
                example("lost: a later writer did not find the effect" + by(transaction, after));
            }
        }
        List<Acknowledgement> twoSides =
                Timeline.twoSides(after.acknowledgements(), after.switchesBack());
        twoSides.forEach(
                a -> example("two sides: acknowledged by a server already replaced, " + a));
        return new Judgement(
                after.acknowledgements().size(),
                lost.size(),
                duplicates,
                phantoms,
                after.unknown(),
                twoSides.size(),
                unjudged,
                List.copyOf(examples));
    }

    private Map<RowKey, List<String>> rows(Connection c) throws SQLException {
        Map<RowKey, List<String>> rows = new HashMap<>();
        for (TrafficTable table : TrafficTable.values()) {
            Sql.list(
                    c,
                    table.everyRow(),
                    row ->
                            rows.computeIfAbsent(
                                            new RowKey(table, row.getLong(1)),
                                            key -> new ArrayList<>(1))
                                    .add(row.getString(2)),
                    ledger.firstToken());
        }
        return rows;
    }

    private static boolean moving(
            RowKey row, RowState state, Ledger.Page before, Ledger.Page after) {
        return before.inFlight().contains(row)
                || after.inFlight().contains(row)
                || !state.equals(after.states().get(row));
    }

    private void compare(
            RowKey row,
            RowState state,
            List<String> found,
            List<String> elsewhere,
            Ledger.Page page) {
        if (found.size() > 1) {
            duplicates += found.size() - 1;
            example("double: " + row + " found " + found.size() + " times");
        }
        boolean right =
                found.isEmpty() ? state.allows(null) : found.stream().allMatch(state::allows);
        if (!right) {
            lost.add(state.transaction());
            example(
                    "lost: "
                            + row
                            + " expected "
                            + (state.value() == null ? "no row" : "'" + state.value() + "'")
                            + ", found "
                            + found
                            + (elsewhere.isEmpty() ? "" : ", the other side has " + elsewhere)
                            + by(state.transaction(), page));
        }
    }

    private static String by(long transaction, Ledger.Page page) {
        Acknowledgement a = page.byTransaction().get(transaction);
        return a == null ? " (transaction " + transaction + ")" : " (" + a + ")";
    }

    private void example(String text) {
        if (examples.size() < EXAMPLES) {
            examples.add(text);
        }
    }
}
