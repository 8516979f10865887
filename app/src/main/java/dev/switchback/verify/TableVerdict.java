package dev.switchback.verify;

import dev.switchback.pg.TableId;
import java.util.List;

/**
 * What a comparison of one table said.
 *
 * @param table which one
 * @param rowsSource rows on the source, -1 where the table does not exist
 * @param rowsTarget rows on the target, -1 where the table does not exist
 * @param equal whether both hold the same rows as a multiset – or only the same number, where only
 *     counting was asked for
 * @param examples some of the rows that differ, by primary key or, without one, by ctid: {@code
 *     (42): differs}; never other values
 */
public record TableVerdict(
        TableId table, long rowsSource, long rowsTarget, boolean equal, List<String> examples) {
    /** {@link #rowsSource} or {@link #rowsTarget} of a table that is not there. */
    public static final long ABSENT = -1;

    /** One line for people. */
    public String line() {
        String rows =
                rowsSource == rowsTarget
                        ? rowsSource + " rows"
                        : words(rowsSource)
                                + " on the source, "
                                + words(rowsTarget)
                                + " on the target";
        return table
                + ": "
                + (equal ? "equal, " : "differs, ")
                + rows
                + (examples.isEmpty() ? "" : "; " + String.join("; ", examples));
    }

    private static String words(long rows) {
        return rows == ABSENT ? "missing" : rows + " rows";
    }
}
