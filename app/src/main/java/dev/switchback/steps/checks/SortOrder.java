package dev.switchback.steps.checks;

import dev.switchback.pg.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a collation really behaves: some two hundred texts that libraries are known to disagree
 * about, in its order, with their case folded and classified. Compares behaviour, because a version
 * number lies where a server carries an older locale archive.
 *
 * @param order the texts as sorted
 * @param folding the texts in lower and in upper case, and which are letters
 */
record SortOrder(List<String> order, List<String> folding) {
    private static final List<String> PLAIN =
            List.of(
                    "a", "A", "b", "B", "z", "Z", "1", "10", "2", "-", "_", " ", "a a", "a-a", "aa",
                    "ab", "a b", "\"a\"", "a1", "a-1", "1-1", "11", "1 1", "$", "\\", "/", "~", "I",
                    "i", "co-op", "coop", "CO-OP", "resume", "Resume", "ss", "ae", "o", "l");
    private static final List<String> ACCENTED =
            List.of(
                    "é", "e", "ß", "æ", "ø", "Å", "å", "ł", "ц", "Я", "я", "日", "本", "ａ", "①", "½",
                    "€", "ı", "İ", "résumé");

    /** Where two orders part. */
    record Difference(String what) {}

    /**
     * @param collation quoted name, or empty for the database's own
     * @param utf8 whether the database can hold more than ASCII
     */
    static SortOrder of(Connection connection, String collation, boolean utf8) throws SQLException {
        String by = collation.isEmpty() ? "" : " COLLATE " + collation;
        Array probe = connection.createArrayOf("text", probe(utf8).toArray());
        List<String> order =
                Sql.list(
                        connection,
                        "SELECT s FROM unnest(?::text[]) s ORDER BY s" + by + ", s COLLATE \"C\"",
                        row -> row.getString(1),
                        probe);
        List<String> folding =
                Sql.list(
                        connection,
                        "SELECT s || ' ' || lower(s"
                                + by
                                + ") || ' ' || upper(s"
                                + by
                                + ") || ' ' || (s"
                                + by
                                + " ~ '^[[:alpha:]]')::text FROM unnest(?::text[]) s ORDER BY s COLLATE \"C\"",
                        row -> row.getString(1),
                        probe);
        return new SortOrder(order, folding);
    }

    private static List<String> probe(boolean utf8) {
        List<String> texts = new ArrayList<>(PLAIN);
        if (utf8) {
            texts.addAll(ACCENTED);
            for (int c = 161; c < 768; c += 3) {
                texts.add(Character.toString(c));
            }
        }
        return texts;
    }

    Optional<Difference> sortsUnlike(SortOrder other) {
        for (int i = 0; i < order.size(); i++) {
            if (!order.get(i).equals(other.order.get(i))) {
                return Optional.of(
                        new Difference(
                                "sorts '"
                                        + order.get(i)
                                        + "' before '"
                                        + other.order.get(i)
                                        + "', the target the other way round"));
            }
        }
        return Optional.empty();
    }

    Optional<Difference> foldsUnlike(SortOrder other) {
        for (int i = 0; i < folding.size(); i++) {
            if (!folding.get(i).equals(other.folding.get(i))) {
                return Optional.of(
                        new Difference(
                                "reads text, lower case, upper case, letter as '"
                                        + folding.get(i)
                                        + "', the target as '"
                                        + other.folding.get(i)
                                        + "'"));
            }
        }
        return Optional.empty();
    }
}
