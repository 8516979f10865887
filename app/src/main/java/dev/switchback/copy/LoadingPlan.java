package dev.switchback.copy;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is left to copy and in which way, decided once from both catalogs and the notes. */
final class LoadingPlan {
    private static final int MEGABYTE = 1 << 20;

    /** What the target says of a table. */
    private record There(List<String> columns, List<String> types, boolean empty) {}

    private final CopyOptions options;
    private final String encoding;
    private final Map<TableId, There> there = new HashMap<>();
    private final Map<TableId, String> objections = new HashMap<>();
    private final Map<TableId, Long> longest;
    private final List<CopyUnit> units;
    private final Set<TableId> batched = new HashSet<>();

    LoadingPlan(
            CopyOptions options,
            Exclusions exclusions,
            String encoding,
            CopyNotes notes,
            Connection reader,
            Connection writer,
            List<SourceTable> tables,
            @Nullable LongRows longRows)
            throws SQLException {
        this.options = options;
        this.encoding = encoding;
        readTarget(writer, exclusions);
        Set<Long> types =
                tables.stream().flatMap(t -> t.typeOids().stream()).collect(Collectors.toSet());
        BinarySafety safety = BinarySafety.read(reader, types, Pg.major(writer));
        tables.forEach(t -> objections.put(t.id(), objection(t, safety)));
        this.longest =
                longRows != null
                        ? longRows.bytes()
                        : new WideRows(options.largestRow())
                                .check(reader, tables, t -> !whyText(t).isEmpty());
        this.units = units(notes, writer, tables, Pg.major(reader));
    }

    private void readTarget(Connection writer, Exclusions exclusions) throws SQLException {
        Sql.list(
                writer,
                Sql.resource(LoadingPlan.class, "target-tables.sql"),
                row ->
                        there.put(
                                new TableId(row.getString(1), row.getString(2)),
                                new There(
                                        SourceTable.strings(row.getArray(3)),
                                        SourceTable.strings(row.getArray(4)),
                                        row.getBoolean(5))),
                exclusions.schemaArray(writer));
    }

    private String objection(SourceTable table, BinarySafety safety) {
        if (!encoding.equals("UTF8")) {
            return "the database's encoding is " + encoding;
        }
        There other = there.get(table.id());
        for (int i = 0; i < table.columns().size(); i++) {
            String column = table.columns().get(i);
            int place = other == null ? -1 : other.columns.indexOf(column);
            if (other != null
                    && place >= 0
                    && !other.types.get(place).equals(table.types().get(i))) {
                return "column " + column + " has another type on the target";
            }
            String objection = safety.objection(table.typeOids().get(i));
            if (!objection.isEmpty()) {
                return "column " + column + ": " + objection;
            }
        }
        return "";
    }

    private List<CopyUnit> units(
            CopyNotes notes, Connection writer, List<SourceTable> tables, int sourceMajor)
            throws SQLException {
        CopyPlan plan = new CopyPlan(options, sourceMajor, tables);
        Map<TableId, SourceTable> byId =
                tables.stream().collect(Collectors.toMap(SourceTable::id, t -> t));
        Map<TableId, List<CopyNotes.NotedPart>> known = CopyPlan.known(notes.parts(writer), byId);
        Set<TableId> copied = notes.copied(writer).keySet();
        List<SourceTable> whole = new ArrayList<>();
        Map<SourceTable, List<CopyUnit.Part>> left = new LinkedHashMap<>();
        writer.setAutoCommit(false);
        for (SourceTable table : tables) {
            if (copied.contains(table.id())) {
                continue;
            }
            List<CopyUnit.Part> parts =
                    known.containsKey(table.id())
                            ? resume(
                                    notes, writer, table, known.getOrDefault(table.id(), List.of()))
                            : begin(notes, writer, table, plan.cut(table));
            if (parts == null) {
                whole.add(table);
            } else if (!parts.isEmpty()) {
                left.put(table, parts);
            }
        }
        writer.setAutoCommit(true);
        List<CopyUnit> all = CopyPlan.units(whole, left, longest.keySet());
        all.stream()
                .filter(u -> u.tables().size() > 1)
                .forEach(u -> u.tables().forEach(t -> batched.add(t.id())));
        return all;
    }

    /** The parts that have not arrived; when all have, only the table's own note was missing. */
    private static List<CopyUnit.Part> resume(
            CopyNotes notes, Connection writer, SourceTable table, List<CopyNotes.NotedPart> known)
            throws SQLException {
        List<CopyUnit.Part> left =
                known.stream().filter(p -> !p.arrived()).map(CopyNotes.NotedPart::part).toList();
        if (left.isEmpty()) {
            if (notes.finish(writer, table) == null) {
                throw TableCopy.failed(
                        table.id().toString(),
                        "the parts that an earlier run copied do not join",
                        new SQLException("parts do not join"));
            }
            writer.commit();
        }
        return left;
    }

    private static @Nullable List<CopyUnit.Part> begin(
            CopyNotes notes, Connection writer, SourceTable table, List<CopyUnit.Part> parts)
            throws SQLException {
        if (parts.isEmpty()) {
            return null;
        }
        Sql.run(writer, "TRUNCATE ONLY " + table.id().sql());
        notes.cut(writer, table, parts);
        writer.commit();
        return parts;
    }

    List<CopyUnit> units() {
        return units;
    }

    long longestRow(TableId table) {
        return longest.getOrDefault(table, 0L) + MEGABYTE;
    }

    String whyText(SourceTable table) {
        return objections.getOrDefault(table.id(), "");
    }

    UnitCopier.Way way(SourceTable table, CopyUnit.@Nullable Part part) {
        There other = there.get(table.id());
        boolean empty = other != null && other.empty;
        boolean alone = part == null && !batched.contains(table.id()) && table.heapBytes() > 0;
        return new UnitCopier.Way(
                !whyText(table).isEmpty(), part == null && (alone || !empty), alone);
    }

    String whyNotFrozen(SourceTable table, CopyUnit.@Nullable Part part) {
        if (way(table, part).freeze()) {
            return "";
        }
        return part == null ? "tiny" : "several workers wrote it";
    }
}
