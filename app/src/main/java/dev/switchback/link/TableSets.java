package dev.switchback.link;

import dev.switchback.pg.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether the same tables are published, subscribed, and there on both sides. */
final class TableSets {
    private TableSets() {}

    /**
     * @param from tables that the publisher could publish
     * @param to the same of the subscriber
     * @return one sentence a difference; empty when there is none
     */
    static List<String> differences(
            Set<TableId> published, Set<TableId> subscribed, Set<TableId> from, Set<TableId> to) {
        List<String> differences = new ArrayList<>();
        missing(from, published, "is not published", differences);
        missing(published, subscribed, "is published, not subscribed", differences);
        missing(published, from, "is published and gone from the publisher", differences);
        missing(published, to, "is not on the subscriber", differences);
        return differences;
    }

    private static void missing(
            Set<TableId> all, Set<TableId> there, String what, List<String> differences) {
        Set<TableId> missing = new TreeSet<>(all);
        missing.removeAll(there);
        missing.forEach(table -> differences.add(table + " " + what));
    }
}
