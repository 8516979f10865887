package dev.switchback.copy;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * A table of the source, as the copy needs to know it.
 *
 * @param oid its OID there
 * @param id schema and name
 * @param columns the columns that COPY carries: not the generated ones
 * @param typeOids their types on the source
 * @param types the same, printed with their modifiers
 * @param heapBytes size of the main fork, without TOAST
 * @param bytes size with TOAST
 * @param unlogged whether a crash of the target empties it
 * @param heap whether its access method is {@code heap}, so that pages can be named by ctid
 * @param filenode changes when the table is rewritten
 * @param toastBytes size of its TOAST table
 */
public record SourceTable(
        long oid,
        TableId id,
        List<String> columns,
        List<Long> typeOids,
        List<String> types,
        long heapBytes,
        long bytes,
        boolean unlogged,
        boolean heap,
        long filenode,
        long toastBytes) {

    static final int PAGE_BYTES = 8192;

    static List<SourceTable> read(Connection source, Exclusions exclusions) throws SQLException {
        return Sql.list(
                source,
                Sql.resource(SourceTable.class, "copyable.sql"),
                row ->
                        new SourceTable(
                                row.getLong(1),
                                new TableId(row.getString(2), row.getString(3)),
                                strings(row.getArray(4)),
                                strings(row.getArray(5)).stream().map(Long::valueOf).toList(),
                                strings(row.getArray(6)),
                                row.getLong(7),
                                row.getLong(8),
                                row.getBoolean(9),
                                row.getBoolean(10),
                                row.getLong(11),
                                row.getLong(12)),
                exclusions.schemaArray(source));
    }

    static List<String> strings(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
    }

    long pages() {
        return (heapBytes + PAGE_BYTES - 1) / PAGE_BYTES;
    }
}
