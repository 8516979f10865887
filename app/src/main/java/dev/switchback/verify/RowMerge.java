package dev.switchback.verify;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lays both sides' rows beside each other, both sorted by name and hash under the collation {@code
 * C}, and finds the names that do not hold the same rows the same number of times. Memory holds the
 * rows of one name and a driver's buffer, however many rows there are.
 */
final class RowMerge {
    private static final int FETCH = 2_000;

    private final Comparison comparison;
    private final boolean keyed;
    private final int wanted;
    private final List<String> examples = new ArrayList<>();
    private long differing;
    private long rowsSource;
    private long rowsTarget;

    /**
     * @param differing names that differ
     * @param rowsSource rows seen there
     * @param rowsTarget rows seen here
     */
    record Found(List<String> examples, long differing, long rowsSource, long rowsTarget) {}

    private RowMerge(Comparison comparison, int wanted) {
        this.comparison = comparison;
        this.keyed = comparison.keyed();
        this.wanted = wanted;
    }

    /**
     * @param sql for each side: name, hash, how many, place; ordered
     * @param wanted how many examples at most
     */
    static Found run(BothSides sides, Comparison comparison, Map<Side, String> sql, int wanted)
            throws SQLException {
        BothSides.Answers<Cursor> both =
                sides.ask(
                        comparison.about(),
                        s -> Cursor.open(s, sql.getOrDefault(Side.SOURCE, "")),
                        s -> Cursor.open(s, sql.getOrDefault(Side.TARGET, "")));
        try (Cursor source = both.source();
                Cursor target = both.target()) {
            RowMerge merge = new RowMerge(comparison, wanted);
            merge.merge(source, target);
            return new Found(
                    List.copyOf(merge.examples),
                    merge.differing,
                    merge.rowsSource,
                    merge.rowsTarget);
        }
    }

    /** Some rows of one name and content. */
    private record Mark(String name, String hash, long times, String place) {}

    private void merge(Cursor source, Cursor target) throws SQLException {
        while (source.current != null || target.current != null) {
            int order = order(source.current, target.current);
            List<Mark> there = order <= 0 ? group(source) : List.of();
            List<Mark> here = order >= 0 ? group(target) : List.of();
            rowsSource += rows(there);
            rowsTarget += rows(here);
            if (!times(there).equals(times(here))) {
                differing++;
                if (examples.size() < wanted) {
                    examples.add(word(there, here));
                }
            }
        }
    }

    private int order(@Nullable Mark source, @Nullable Mark target) {
        if (source == null || target == null) {
            return source == null ? 1 : -1;
        }
        return Arrays.compareUnsigned(bytes(source), bytes(target));
    }

    private byte[] bytes(Mark mark) {
        return identity(mark).getBytes(StandardCharsets.UTF_8);
    }

    private String identity(Mark mark) {
        return keyed ? mark.name : mark.hash;
    }

    private List<Mark> group(Cursor cursor) throws SQLException {
        List<Mark> group = new ArrayList<>();
        Mark mark = cursor.current;
        while (mark != null
                && (group.isEmpty() || identity(mark).equals(identity(group.getFirst())))) {
            group.add(mark);
            cursor.advance();
            mark = cursor.current;
        }
        return group;
    }

    private String word(List<Mark> source, List<Mark> target) {
        long there = rows(source);
        long here = rows(target);
        String name = name(source, target);
        if (there == here) {
            return name + " differs";
        }
        if (here == 0) {
            return name + " only on the source";
        }
        if (there == 0) {
            return name + " only on the target";
        }
        return name + " " + there + " times on the source, " + here + " on the target";
    }

    private String name(List<Mark> source, List<Mark> target) {
        Mark mark = (source.isEmpty() ? target : source).getFirst();
        if (keyed) {
            return comparison.keyed(mark.name);
        }
        return "row "
                + mark.hash.substring(0, 16)
                + " at ctid "
                + mark.place
                + " of the "
                + (source.isEmpty() ? "target" : "source");
    }

    private static long rows(List<Mark> marks) {
        return marks.stream().mapToLong(Mark::times).sum();
    }

    private static Map<String, Long> times(List<Mark> marks) {
        Map<String, Long> times = new HashMap<>();
        marks.forEach(mark -> times.merge(mark.hash, mark.times, Long::sum));
        return times;
    }

    /** One side's sorted rows, read in portions. */
    private static final class Cursor implements AutoCloseable {
        private final PreparedStatement statement;
        private final ResultSet rows;
        private @Nullable Mark current;

        private Cursor(PreparedStatement statement, ResultSet rows) {
            this.statement = statement;
            this.rows = rows;
        }

        static Cursor open(Connection session, String sql) throws SQLException {
            PreparedStatement statement = session.prepareStatement(sql);
            statement.setFetchSize(FETCH);
            Cursor cursor = new Cursor(statement, statement.executeQuery());
            cursor.advance();
            return cursor;
        }

        void advance() throws SQLException {
            current =
                    rows.next()
                            ? new Mark(
                                    rows.getString(1),
                                    rows.getString(2),
                                    rows.getLong(3),
                                    rows.getString(4))
                            : null;
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }
}
