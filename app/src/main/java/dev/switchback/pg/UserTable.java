package dev.switchback.pg;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * A relation that holds the user's rows itself: an ordinary table, a partition's leaf, an unlogged
 * table, or a materialized view.
 *
 * @param id schema and name
 * @param columns every column in order, generated ones included
 * @param stored the columns that COPY carries: not the generated ones
 * @param key the primary key's columns, empty when there is none
 * @param bytes size of heap and TOAST on disk
 * @param populated false for a materialized view that was never refreshed
 */
public record UserTable(
        TableId id,
        List<String> columns,
        List<String> stored,
        List<String> key,
        long bytes,
        boolean populated) {

    /**
     * All tables with rows of the user's in the session's database, largest first: leaves and
     * unlogged tables too, no partitioned roots (they hold no rows), no extension members, nothing
     * excluded.
     */
    public static List<UserTable> tables(Connection connection, Exclusions exclusions)
            throws SQLException {
        return read(connection, exclusions, "r");
    }

    /** All materialized views of the user's, populated or not. */
    public static List<UserTable> materializedViews(Connection connection, Exclusions exclusions)
            throws SQLException {
        return read(connection, exclusions, "m");
    }

    private static List<UserTable> read(Connection connection, Exclusions exclusions, String kind)
            throws SQLException {
        return Sql.list(
                connection,
                Sql.resource(UserTable.class, "user-tables.sql"),
                row ->
                        new UserTable(
                                new TableId(row.getString(1), row.getString(2)),
                                strings(row.getArray(3)),
                                strings(row.getArray(4)),
                                strings(row.getArray(5)),
                                row.getLong(6),
                                row.getBoolean(7)),
                kind,
                exclusions.schemaArray(connection));
    }

    private static List<String> strings(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
    }

    /** Quoted and joined by commas, for a column list. */
    public static String columnList(List<String> columns) {
        return String.join(", ", columns.stream().map(Sql::identifier).toList());
    }
}
