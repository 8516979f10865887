package dev.switchback.verify;

import dev.switchback.pg.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The form in which a table's rows are hashed, the same on both sides. Hash equality must be
 * identity: two values that print differently must hash differently.
 *
 * <ol>
 *   <li>Types whose equality is identity go into the record hash as they are; strings under the
 *       collation {@code C}, so that a nondeterministic one does not fold them.
 *   <li>{@code numeric} and {@code interval} go in as the bytes they send, for 1.0 equals 1.00 and
 *       30 days equal a month; floats too, with one NaN, for -0 equals 0.
 *   <li>{@code char(n)} goes in with its length, for blanks at its end do not count.
 *   <li>json and jsonb go in as text; everything else – enums, arrays, ranges, composite and
 *       extension types, whose hashes fold values or depend on OIDs – as one text of a record,
 *       which is made by the types' own output functions.
 *   <li>Where one side has no record hash (13), all of it is that text. Where the encodings differ,
 *       it is that text in UTF-8.
 * </ol>
 *
 * The text depends on the settings of {@link dev.switchback.pg.DataSession} on both sides.
 */
record RowForm(Kind kind, List<String> columns, List<String> key, Map<String, String> bases) {

    /** What both servers can do. */
    enum Kind {
        RECORD,
        TEXT,
        TEXT_UTF8
    }

    private static final Set<String> IDENTITY =
            Set.of(
                    "bool",
                    "char",
                    "int2",
                    "int4",
                    "int8",
                    "oid",
                    "bytea",
                    "uuid",
                    "date",
                    "time",
                    "timestamp",
                    "timestamptz",
                    "macaddr",
                    "inet",
                    "cidr");

    /** Types of a single key with a cheap hash of their own. */
    private static final Map<String, String> KEY_HASH =
            Map.of(
                    "int2", "hashint2extended",
                    "int4", "hashint4extended",
                    "int8", "hashint8extended",
                    "uuid", "uuid_hash_extended",
                    "text", "hashtextextended",
                    "varchar", "hashtextextended");

    /**
     * @param columns compared, in the source's order
     * @param key what names a row; empty when nothing does
     */
    static RowForm of(
            Kind kind,
            List<String> columns,
            List<String> key,
            TableShape source,
            TableShape target) {
        Map<String, String> bases =
                columns.stream().collect(Collectors.toMap(c -> c, c -> base(c, source, target)));
        return new RowForm(columns.isEmpty() ? Kind.TEXT : kind, columns, key, bases);
    }

    /** A type that differs between the sides is compared by what it prints. */
    private static String base(String column, TableShape source, TableShape target) {
        TableShape.Type there = source.types().get(column);
        return there != null && there.equals(target.types().get(column)) ? there.base() : "";
    }

    boolean hashesRecords() {
        return kind == Kind.RECORD;
    }

    /** The row: a record to be hashed, or text. */
    String row() {
        return hashesRecords() ? record(columns) : text(columns);
    }

    /** What names the row: its key's values, {@code (42)}. */
    String name() {
        return "ROW(" + references(key) + ")::text COLLATE \"C\"";
    }

    /** The key's hash, a bigint; only where there is a key. */
    String keyHash() {
        if (!hashesRecords()) {
            return "hashtextextended(" + text(key) + ", 2)";
        }
        String function = key.size() == 1 ? KEY_HASH.getOrDefault(base(key.getFirst()), "") : "";
        return function.isEmpty()
                ? "hash_record_extended(" + record(key) + ", 2)"
                : function + "(" + elements(key.getFirst()).getFirst() + ", 2)";
    }

    /** SHA-256 of the row's whole text. */
    String sha256(boolean sameEncoding) {
        return "encode(sha256(convert_to(ROW("
                + references(columns)
                + ")::text, "
                + (sameEncoding ? "current_setting('server_encoding')" : "'UTF8'")
                + ")), 'hex')";
    }

    private String text(List<String> some) {
        String text = "ROW(" + references(some) + ")::text COLLATE \"C\"";
        return kind == Kind.TEXT_UTF8
                ? "encode(convert_to(" + text + ", 'UTF8'), 'hex') COLLATE \"C\""
                : text;
    }

    private String record(List<String> some) {
        List<String> elements = new ArrayList<>();
        List<String> printed = new ArrayList<>();
        for (String column : some) {
            List<String> own = elements(column);
            elements.addAll(own);
            if (own.isEmpty()) {
                printed.add(column);
            }
        }
        if (!printed.isEmpty()) {
            elements.add(text(printed));
        }
        return "ROW(" + String.join(", ", elements) + ")";
    }

    private String base(String column) {
        return bases.getOrDefault(column, "");
    }

    /** Empty for a column that goes into the text of a record. */
    private List<String> elements(String column) {
        String base = base(column);
        String value = "CAST(r." + Sql.identifier(column) + " AS " + Sql.identifier(base) + ")";
        if (IDENTITY.contains(base)) {
            return List.of(value);
        }
        return switch (base) {
            case "text", "varchar", "name" ->
                    List.of("CAST(r." + Sql.identifier(column) + " AS text) COLLATE \"C\"");
            case "json", "jsonb" -> List.of("CAST(" + value + " AS text) COLLATE \"C\"");
            case "bpchar" -> List.of(value + " COLLATE \"C\"", "octet_length(" + value + ")");
            case "numeric" -> List.of("numeric_send(" + value + ")");
            case "interval" -> List.of("interval_send(" + value + ")");
            case "float4", "float8" ->
                    List.of(
                            base
                                    + "send(CASE WHEN "
                                    + value
                                    + " = 'NaN' THEN 'NaN' ELSE "
                                    + value
                                    + " END)");
            default -> List.of();
        };
    }

    private static String references(List<String> some) {
        return some.stream()
                .map(column -> "r." + Sql.identifier(column))
                .collect(Collectors.joining(", "));
    }
}
