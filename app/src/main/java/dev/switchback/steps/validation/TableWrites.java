package dev.switchback.steps.validation;

import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Row changes by table, as a server's counters know them.
 *
 * @param inserted rows inserted since the counters began, those of a copy included
 */
record TableWrites(long inserted, long updated, long deleted) {
    static final TableWrites NONE = new TableWrites(0, 0, 0);

    static Map<TableId, TableWrites> read(Connection connection) throws SQLException {
        Map<TableId, TableWrites> writes = new HashMap<>();
        Sql.list(
                connection,
                Sql.resource(TableWrites.class, "writes.sql"),
                row ->
                        writes.put(
                                new TableId(row.getString(1), row.getString(2)),
                                new TableWrites(row.getLong(3), row.getLong(4), row.getLong(5))));
        return writes;
    }

    /** Whether a copy of {@code rows} rows and nothing else explains these counters. */
    boolean onlyCopied(long rows) {
        return inserted == rows && updated == 0 && deleted == 0;
    }

    /** Whether the counters do not even hold the copy, so that they were reset after it. */
    boolean reset(long rows) {
        return inserted < rows;
    }

    String since(long rows) {
        return Math.max(0, inserted - rows)
                + " inserted, "
                + updated
                + " updated, "
                + deleted
                + " deleted";
    }
}
