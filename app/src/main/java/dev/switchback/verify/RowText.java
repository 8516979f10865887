package dev.switchback.verify;

import dev.switchback.pg.Sql;
import dev.switchback.pg.UserTable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * SQL over a table's rows as text. Text is identity where equality is not: numeric 1.0 and 1.00, -0
 * and 0, one month and thirty days are different; it works for every type, json and xml too. It
 * needs the settings of {@link dev.switchback.pg.DataSession} on both sides.
 *
 * <p>Hashing rows natively where a type's equality is identity belongs here and is not built yet.
 *
 * @param table whose rows
 * @param columns the columns compared, in the same order on both sides
 * @param key what names a row, empty when nothing does: then the row as a whole
 */
record RowText(UserTable table, List<String> columns, List<String> key) {

    /** One row: the digest of all rows, and their number. */
    String digest() {
        return "SELECT " + sums() + ", count(*) FROM " + rows();
    }

    /** One row per bucket of the key's hash: bucket, digest. {@code buckets} is a power of two. */
    String buckets(int buckets) {
        return "SELECT " + bucket(buckets) + ", " + sums() + " FROM " + rows() + " GROUP BY 1";
    }

    /** The rows of one bucket: key, hash of the row, how often, one of their places. */
    String marks(int buckets, int bucket) {
        return "SELECT "
                + (key.isEmpty() ? "''" : "key_text")
                + ", hashtextextended(row_text, 0), count(*), min(place) FROM "
                + rows()
                + " WHERE "
                + bucket(buckets)
                + " = "
                + bucket
                + " GROUP BY 1, 2";
    }

    /** Sums do not care for the order, and count duplicates; an exclusive or would lose pairs. */
    private static String sums() {
        return "concat_ws(' ', count(*), sum(hashtextextended(row_text, 0)::numeric),"
                + " sum(hashtextextended(row_text, 1)::numeric))";
    }

    private static String bucket(int buckets) {
        return "(hashtextextended(key_text, 2) & " + (buckets - 1) + ")";
    }

    private String rows() {
        String row = text(columns);
        // OFFSET 0 keeps the text from being built once per hash
        return "(SELECT "
                + row
                + " AS row_text, "
                + (key.isEmpty() ? row : text(key))
                + " AS key_text, r.ctid::text AS place FROM ONLY "
                + table.id().sql()
                + " r OFFSET 0) t";
    }

    private static String text(List<String> columns) {
        return "ROW("
                + columns.stream()
                        .map(column -> "r." + Sql.identifier(column))
                        .collect(Collectors.joining(", "))
                + ")::text COLLATE \"C\"";
    }
}
