package dev.switchback.estimate;

import dev.switchback.pg.Exclusions;
import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How much must travel; all bytes are as they lie on the source's disk, dead rows included.
 *
 * @param databaseBytes all databases as {@code pg_database_size} gives them, what stays behind
 *     included
 * @param tables one entry a table that holds rows
 * @param indexes those of these tables and of materialized views
 * @param foreignKeys bytes of the referencing and the referenced table together, one entry a
 *     constraint
 * @param materializedViews bytes of each
 * @param sequences how many
 * @param largeObjects how many
 * @param largeObjectBytes theirs
 * @param definitions relations, constraints, functions and triggers: what a restore creates one by
 *     one
 * @param databases how many
 */
public record Sizes(
        long databaseBytes,
        List<Long> tables,
        List<Index> indexes,
        List<Long> foreignKeys,
        List<Long> materializedViews,
        long sequences,
        long largeObjects,
        long largeObjectBytes,
        long definitions,
        int databases) {
    public static final Sizes NOTHING =
            new Sizes(0, List.of(), List.of(), List.of(), List.of(), 0, 0, 0, 0, 0);

    /**
     * @param method access method: {@code btree}
     */
    public record Index(String method, long bytes) {}

    private static final Set<String> LISTS = Set.of("table", "index", "foreign-key", "matview");

    /** One line of the query: what, its kind, how many or how many bytes. */
    private record Line(String what, String kind, long amount) {}

    /** Sizes of the session's database, from the catalogs and the file system; reads no rows. */
    public static Sizes read(Connection connection, Exclusions exclusions) throws SQLException {
        List<Line> lines =
                Sql.list(
                        connection,
                        Sql.resource(Sizes.class, "sizes.sql"),
                        row -> new Line(row.getString(1), row.getString(2), row.getLong(3)),
                        exclusions.schemaArray(connection));
        return new Sizes(
                one(lines, "database"),
                amounts(lines, "table"),
                lines.stream()
                        .filter(l -> l.what().equals("index"))
                        .map(l -> new Index(l.kind(), l.amount()))
                        .toList(),
                amounts(lines, "foreign-key"),
                amounts(lines, "matview"),
                one(lines, "sequences"),
                one(lines, "large-objects"),
                one(lines, "large-object-bytes"),
                one(lines, "definitions"),
                1);
    }

    private static List<Long> amounts(List<Line> lines, String what) {
        if (!LISTS.contains(what)) {
            throw new IllegalArgumentException(what);
        }
        return lines.stream().filter(l -> l.what().equals(what)).map(Line::amount).toList();
    }

    private static long one(List<Line> lines, String what) throws SQLException {
        return lines.stream()
                .filter(l -> l.what().equals(what))
                .map(Line::amount)
                .findFirst()
                .orElseThrow(() -> new SQLException("the sizes lack " + what));
    }

    /** Of two databases together. */
    public Sizes plus(Sizes other) {
        return new Sizes(
                databaseBytes + other.databaseBytes,
                joined(tables, other.tables),
                joined(indexes, other.indexes),
                joined(foreignKeys, other.foreignKeys),
                joined(materializedViews, other.materializedViews),
                sequences + other.sequences,
                largeObjects + other.largeObjects,
                largeObjectBytes + other.largeObjectBytes,
                definitions + other.definitions,
                databases + other.databases);
    }

    private static <T> List<T> joined(List<T> some, List<T> more) {
        List<T> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    public long tableBytes() {
        return sum(tables);
    }

    public long indexBytes() {
        return indexes.stream().mapToLong(Index::bytes).sum();
    }

    static long sum(List<Long> bytes) {
        return bytes.stream().mapToLong(Long::longValue).sum();
    }

    static long largest(List<Long> bytes) {
        return bytes.stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
