package dev.switchback.lab.traffic;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Every row the pods ever wrote, and which of them are free to be changed. A row is free when its
 * last effect was acknowledged, it exists, and no transaction holds it; a row that an unknown
 * outcome touched is never free again. Guarded by the ledger.
 */
final class Rows {
    private final Map<RowKey, RowState> states = new HashMap<>();
    private final Set<RowKey> inFlight = new HashSet<>();
    private final Map<TrafficTable, List<RowKey>> free = new EnumMap<>(TrafficTable.class);

    Rows() {
        for (TrafficTable table : TrafficTable.values()) {
            free.put(table, new ArrayList<>());
        }
    }

    @Nullable RowState state(RowKey row) {
        return states.get(row);
    }

    void put(RowKey row, RowState state) {
        states.put(row, state);
    }

    void hold(RowKey row) {
        inFlight.add(row);
    }

    /** Takes some free row; where a random one does not please, the first that does. */
    Optional<RowKey> take(TrafficTable table, RandomGenerator random, Predicate<RowState> pleases) {
        List<RowKey> rows = freeRows(table);
        int start = rows.isEmpty() ? 0 : random.nextInt(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            int at = (start + i) % rows.size();
            RowState state = states.get(rows.get(at));
            if (state != null && pleases.test(state)) {
                RowKey row = rows.set(at, rows.getLast());
                rows.removeLast();
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    /** Lets go of a row; it becomes free when it exists for certain. */
    void letGo(RowKey row) {
        inFlight.remove(row);
        RowState state = states.get(row);
        if (state != null && state.value() != null && !state.uncertain()) {
            freeRows(row.table()).add(row);
        }
    }

    /** Lets go of a row that nobody shall change any more. */
    void retire(RowKey row) {
        inFlight.remove(row);
    }

    Map<RowKey, RowState> states() {
        return Map.copyOf(states);
    }

    Set<RowKey> inFlight() {
        return Set.copyOf(inFlight);
    }

    private List<RowKey> freeRows(TrafficTable table) {
        return free.computeIfAbsent(table, t -> new ArrayList<>());
    }
}
