package dev.switchback.verify;

import dev.switchback.pg.TableId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison of one table said.
 *
 * @param table which one
 * @param rowsSource rows on the source, -1 where the table does not exist
 * @param rowsTarget rows on the target, -1 where the table does not exist
 * @param equal whether both hold the same rows as a multiset – or only the same number, where only
 *     counting was asked for; false when a side cannot be read
 * @param examples some of the rows that differ, by primary key or, without one, by ctid: {@code
 *     id=42 differs}; never other values
 * @param differing how many keys, or different rows without one, differ
 * @param allCounted false when {@code differing} is a lower bound, because only part of so many
 *     rows was looked at one by one
 * @param unreadable why the table cannot be compared, with the server's words; null when it was
 */
public record TableVerdict(
        TableId table,
        long rowsSource,
        long rowsTarget,
        boolean equal,
        List<String> examples,
        long differing,
        boolean allCounted,
        @Nullable String unreadable) {
    /** {@link #rowsSource} or {@link #rowsTarget} of a table that is not there. */
    public static final long ABSENT = -1;

    TableVerdict(
            TableId table, long rowsSource, long rowsTarget, boolean equal, List<String> examples) {
        this(table, rowsSource, rowsTarget, equal, examples, examples.size(), true, null);
    }

    static TableVerdict unreadable(TableId table, String words) {
        return new TableVerdict(table, 0, 0, false, List.of(), 0, false, words);
    }

    /** One line for people. */
    public String line() {
        if (unreadable != null) {
            return table + ": cannot be compared: " + unreadable;
        }
        String rows =
                rowsSource == rowsTarget
                        ? rowsSource + " rows"
                        : words(rowsSource)
                                + " on the source, "
                                + words(rowsTarget)
                                + " on the target";
        long more = differing - examples.size();
        return table
                + ": "
                + (equal ? "equal, " : "differs, ")
                + rows
                + (examples.isEmpty() ? "" : "; " + String.join("; ", examples))
                + (more > 0 ? "; and " + (allCounted ? "" : "at least ") + more + " more" : "")
                + (more == 0 && !allCounted ? "; and probably more" : "");
    }

    private static String words(long rows) {
        return rows == ABSENT ? "missing" : rows + " rows";
    }
}
