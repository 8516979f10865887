package dev.switchback.verify;

import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table as each side knows it; at least one of them does. */
record Pair(@Nullable UserTable source, @Nullable UserTable target) {

    TableId id() {
        UserTable known = source != null ? source : target;
        if (known == null) {
            throw new IllegalStateException("a pair of nothing");
        }
        return known.id();
    }

    /** The source's tables in their order, then those that only the target has. */
    static List<Pair> of(List<UserTable> source, List<UserTable> target) {
        Map<TableId, UserTable> there =
                target.stream().collect(Collectors.toMap(UserTable::id, Function.identity()));
        List<Pair> pairs = new ArrayList<>();
        for (UserTable table : source) {
            pairs.add(new Pair(table, there.remove(table.id())));
        }
        there.values().forEach(table -> pairs.add(new Pair(null, table)));
        return pairs;
    }
}
