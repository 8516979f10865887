package dev.switchback.verify;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one side's catalog says about a table's reading and hashing.
 *
 * @param pages of the heap, 0 when it cannot be read in ranges
 * @param types column → type
 */
record TableShape(long pages, Map<String, Type> types) {
    /** Of a table without columns, or of one that is not there. */
    static final TableShape NONE = new TableShape(0, Map.of());

    /**
     * @param name as SQL prints it, without length or precision
     * @param base the built-in type under it, through domains; empty when there is none
     */
    record Type(String name, String base) {}

    static Map<TableId, TableShape> all(Connection session, Exclusions exclusions)
            throws SQLException {
        Map<TableId, TableShape> shapes = new HashMap<>();
        Sql.list(
                session,
                Sql.resource(TableShape.class, "table-shapes.sql"),
                row -> {
                    List<String> columns = strings(row.getArray(4));
                    List<String> names = strings(row.getArray(5));
                    List<String> bases = strings(row.getArray(6));
                    Map<String, Type> types = new LinkedHashMap<>();
                    for (int i = 0; i < columns.size(); i++) {
                        types.put(columns.get(i), new Type(names.get(i), bases.get(i)));
                    }
                    shapes.put(
                            new TableId(row.getString(1), row.getString(2)),
                            new TableShape(row.getLong(3), types));
                    return "";
                },
                exclusions.schemaArray(session));
        return shapes;
    }

    private static List<String> strings(java.sql.Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
    }
}
