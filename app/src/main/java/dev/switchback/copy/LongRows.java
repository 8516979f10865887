package dev.switchback.copy;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.DataSession;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What was found out about long rows before anything was begun.
 *
 * @param bytes of the longest row by table, where they are more than a megabyte
 */
public record LongRows(Map<TableId, Long> bytes) {

    /**
     * Looks at the source alone.
     *
     * @param source a session inside a transaction on the snapshot
     * @param targetMajor the target's version, which decides what travels as text
     * @throws SwitchbackException ROW_TOO_LARGE, naming every table with a row above the limit;
     *     PG_STANDBY for unlogged tables on a standby
     */
    public static LongRows check(
            Connection source,
            int targetMajor,
            Exclusions exclusions,
            Predicate<TableId> wanted,
            CopyOptions options)
            throws SQLException {
        List<SourceTable> tables =
                SourceTable.read(source, exclusions).stream()
                        .filter(t -> wanted.test(t.id()))
                        .toList();
        Loading.refuseUnreadable(source, tables);
        Set<Long> types =
                tables.stream().flatMap(t -> t.typeOids().stream()).collect(Collectors.toSet());
        BinarySafety safety = BinarySafety.read(source, types, targetMajor);
        boolean utf8 = DataSession.encoding(source).equals("UTF8");
        return new LongRows(
                new WideRows(options.largestRow())
                        .check(
                                source,
                                tables,
                                t ->
                                        !utf8
                                                || t.typeOids().stream()
                                                        .anyMatch(o ->
                                                                !safety.objection(o).isEmpty())));
    }
}
