package dev.switchback.steps.proof;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Exact row counts of small tables, many in one statement: inside the pause round trips count. */
final class QuickCounts {
    /** Tables counted by one statement. */
    private static final int BATCH = 100;

    private QuickCounts() {}

    /**
     * As many tables as fit into so many bytes, smallest first.
     *
     * @param bytes of heap and TOAST together
     */
    static List<TableId> smallest(Connection session, Exclusions exclusions, long bytes)
            throws SQLException {
        List<TableId> small = new ArrayList<>();
        long sum = 0;
        for (UserTable table :
                UserTable.tables(session, exclusions).stream()
                        .sorted(Comparator.comparingLong(UserTable::bytes))
                        .toList()) {
            sum += table.bytes();
            if (sum > bytes) {
                break;
            }
            small.add(table.id());
        }
        return small;
    }

    /** Rows of each table itself, without tables that inherit from it. */
    static SortedMap<TableId, Long> of(Connection session, List<TableId> tables)
            throws SQLException {
        SortedMap<TableId, Long> counts = new TreeMap<>();
        for (int from = 0; from < tables.size(); from += BATCH) {
            List<TableId> batch = tables.subList(from, Math.min(from + BATCH, tables.size()));
            List<String> selects = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                selects.add("SELECT " + i + " AS i, count(*) FROM ONLY " + batch.get(i).sql());
            }
            Sql.list(
                    session,
                    String.join(" UNION ALL ", selects),
                    row -> counts.put(batch.get(row.getInt(1)), row.getLong(2)));
        }
        return counts;
    }
}
