package dev.switchback.verify;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The statements that read one table of one side.
 *
 * <p>A record's hash is linear in its columns' hashes, h = 31·h + column: a plain sum of it over
 * all rows does not change when two rows trade the values of a column. So each record hash is
 * summed twice, as it is and through {@code hashint8extended}, which is not linear.
 *
 * @param table quoted
 * @param buckets a power of two; rows fall into them by the hash of their key, or of all they hold
 */
record RowQueries(String table, RowForm form, int buckets) {

    /** One row a bucket: bucket, rows, four sums. Sums add up over ranges of pages. */
    String digest(PageRange range) {
        String sums =
                form.hashesRecords()
                        ? "sum(h0), sum(h1), sum(hashint8extended(h0, 11)), sum(hashint8extended(h1, 12))"
                        : "sum(h0), sum(h1), 0, 0";
        return "SELECT "
                + (form.key().isEmpty() ? bucket("h0") : "b")
                + ", count(*), "
                + sums
                + " FROM "
                + hashed("", range)
                + " GROUP BY 1";
    }

    /**
     * Rows of some buckets in the order of their names, or of their hashes where they have none:
     * name, hashes, how many of the same, one's place.
     */
    String marks(Collection<Integer> some) {
        String chosen =
                " WHERE "
                        + (form.key().isEmpty() ? bucket("h0") : "b")
                        + " IN ("
                        + some.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + ")";
        return "SELECT name, lpad(to_hex(h0), 16, '0') || lpad(to_hex(h1), 16, '0') COLLATE \"C\","
                + " count(*), min(place) FROM "
                + hashed(named(), PageRange.ALL)
                + (buckets == 1 ? "" : chosen)
                + " GROUP BY 1, 2 ORDER BY 1, 2";
    }

    /** The same of every row, with the SHA-256 of its whole text. */
    String wholeRows(boolean sameEncoding) {
        return "SELECT name, h, count(*), min(place) FROM (SELECT "
                + form.sha256(sameEncoding)
                + " COLLATE \"C\" AS h"
                + named()
                + " FROM ONLY "
                + table
                + " r OFFSET 0) q GROUP BY 1, 2 ORDER BY 1, 2";
    }

    private String named() {
        return ", "
                + (form.key().isEmpty() ? "''::text COLLATE \"C\"" : form.name())
                + " AS name, "
                + (form.key().isEmpty() ? "r.ctid::text COLLATE \"C\"" : "''::text")
                + " AS place";
    }

    private String bucket(String hash) {
        return "(" + hash + " & " + (buckets - 1) + ")";
    }

    /** OFFSET 0 keeps a row, and a hash of it, from being made once for each use. */
    private String hashed(String more, PageRange range) {
        String carried = more.isEmpty() ? "" : ", name, place";
        String key = form.key().isEmpty() || buckets == 1 ? "0" : bucket(form.keyHash());
        String hash =
                form.hashesRecords()
                        ? "hash_record_extended(v, 0) AS h0, hash_record_extended(v, 1) AS h1"
                        : "hashtextextended(v, 0) AS h0, hashtextextended(v, 1) AS h1";
        return "(SELECT b"
                + carried
                + ", "
                + hash
                + " FROM (SELECT "
                + key
                + " AS b, "
                + form.row()
                + " AS v"
                + more
                + " FROM ONLY "
                + table
                + " r"
                + range.condition("r")
                + " OFFSET 0) q OFFSET 0) h";
    }
}
