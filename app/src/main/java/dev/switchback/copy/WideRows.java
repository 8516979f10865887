package dev.switchback.copy;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The longest row of each table that can hold a long one, as it travels: a row is one message, so
 * it must fit into our memory. Only tables whose TOAST is large enough are read, and of those only
 * the heap: the length of a value that lies outside is known without fetching it.
 */
final class WideRows {
    /** A compressed value is at most this many times longer than what is stored. */
    private static final long COMPRESSION = 255;

    private static final int BYTEA = 17;
    private static final int TEXT = 25;
    private static final int BPCHAR = 1042;
    private static final int VARCHAR = 1043;

    private final long limit;

    WideRows(long limit) {
        this.limit = limit;
    }

    /**
     * Bytes of the longest row by table, where they are more than a megabyte.
     *
     * @param text whether the table travels as text, which doubles a bytea
     * @throws SwitchbackException ROW_TOO_LARGE, naming every table with a row above the limit
     */
    Map<TableId, Long> check(
            Connection source, List<SourceTable> tables, Predicate<SourceTable> text)
            throws SQLException {
        Map<TableId, Long> wide = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (SourceTable table : tables) {
            if (table.toastBytes() * COMPRESSION < Math.min(limit, 1L << 20)
                    || table.toastBytes() < Math.min(limit, 200L << 20) / COMPRESSION) {
                continue;
            }
            String found = Sql.first(source, query(table, text.test(table)));
            long longest = found == null ? 0 : Long.parseLong(found);
            if (longest > 1 << 20) {
                wide.put(table.id(), longest);
            }
            if (longest > limit) {
                problems.add(
                        new Problem(
                                Code.ROW_TOO_LARGE,
                                table.id().toString(),
                                "its longest row is "
                                        + (longest >> 20)
                                        + " MB as it travels; rows up to "
                                        + (limit >> 20)
                                        + " MB can be copied",
                                "make the row smaller, move the value into a large object, or leave the"
                                        + " table out and carry it with pg_dump"));
            }
        }
        if (!problems.isEmpty()) {
            throw new SwitchbackException(problems);
        }
        return wide;
    }

    private static String query(SourceTable table, boolean text) {
        List<String> lengths = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            String column = Sql.identifier(table.columns().get(i));
            String length =
                    switch (table.typeOids().get(i).intValue()) {
                        case BYTEA -> (text ? "2 * " : "") + "octet_length(" + column + ")::bigint";
                        case TEXT, VARCHAR, BPCHAR -> "octet_length(" + column + ")::bigint";
                        default ->
                                "CASE WHEN pg_column_size("
                                        + column
                                        + ") > 800000 THEN octet_length("
                                        + column
                                        + "::text) ELSE pg_column_size("
                                        + column
                                        + ") END::bigint";
                    };
            lengths.add("coalesce(" + length + ", 0)");
        }
        return "SELECT max(" + String.join(" + ", lengths) + ") FROM ONLY " + table.id().sql();
    }
}
