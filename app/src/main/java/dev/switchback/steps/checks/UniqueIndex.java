package dev.switchback.steps.checks;

import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A unique index and the question whether its table keeps the rule, asked without the index.
 *
 * @param keys the key expressions, those of a deterministic collation by bytes: there two texts are
 *     equal exactly when their bytes are, however the collation sorts
 * @param condition of a partial index, or empty
 * @param nullsEqual NULLS NOT DISTINCT
 * @param bytes of the table
 * @param textOrder whether it sorts texts by a collation that a library can change
 */
record UniqueIndex(
        TableId table,
        String name,
        List<String> keys,
        String condition,
        boolean nullsEqual,
        long bytes,
        boolean textOrder) {

    static List<UniqueIndex> of(Connection connection, Query queries) throws SQLException {
        return Sql.list(
                connection,
                queries.text("unique-indexes"),
                row ->
                        new UniqueIndex(
                                new TableId(row.getString(1), row.getString(2)),
                                row.getString(3),
                                Arrays.stream((Object[]) row.getArray(4).getArray())
                                        .map(String::valueOf)
                                        .toList(),
                                row.getString(5),
                                row.getBoolean(6),
                                row.getLong(7),
                                row.getBoolean(8)));
    }

    /** Counts the key values that more than one row has; keys with NULL are no duplicates. */
    String duplicates() {
        String named =
                keys.stream()
                        .map(k -> "(" + withoutCollation(k) + ") IS NOT NULL")
                        .collect(Collectors.joining(" AND "));
        String where =
                (condition.isEmpty() ? "true" : "(" + condition + ")")
                        + (nullsEqual ? "" : " AND " + named);
        return "SELECT count(*) FROM (SELECT 1 FROM ONLY "
                + table.sql()
                + " WHERE "
                + where
                + " GROUP BY "
                + keys.stream().map(UniqueIndex::grouped).collect(Collectors.joining(", "))
                + " HAVING count(*) > 1) d";
    }

    /** A bare number in GROUP BY would be a position. */
    private static String grouped(String key) {
        return key.endsWith(BY_BYTES)
                ? "((" + withoutCollation(key) + ")" + BY_BYTES + ")"
                : "(" + key + ")";
    }

    private static final String BY_BYTES = " COLLATE pg_catalog.\"C\"";

    private static String withoutCollation(String key) {
        return key.endsWith(BY_BYTES) ? key.substring(0, key.length() - BY_BYTES.length()) : key;
    }
}
