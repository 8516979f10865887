package dev.switchback.verify;

import dev.switchback.pg.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows in which a table differs: digests per bucket of the key's hash, then the rows of
 * the buckets that differ, one bucket at a time, until there are enough examples. Memory holds one
 * bucket of a few hundred keys.
 */
final class Narrowing {
    private static final long ROWS_PER_BUCKET = 200;
    private static final int FEWEST = 64;
    private static final int MOST = 1 << 16;

    private final BothSides sides;
    private final RowText atSource;
    private final RowText atTarget;

    Narrowing(BothSides sides, RowText atSource, RowText atTarget) {
        this.sides = sides;
        this.atSource = atSource;
        this.atTarget = atTarget;
    }

    /** Rows of one key and content: how many, and where one of them is. */
    private record Mark(String key, long hash, long times, String place) {}

    List<String> examples(long rows, int wanted) {
        String about = atSource.table().id().toString();
        int buckets = buckets(rows);
        BothSides.Answers<Map<Integer, String>> digests =
                sides.ask(
                        about,
                        session -> digests(session, atSource.buckets(buckets)),
                        session -> digests(session, atTarget.buckets(buckets)));
        Set<Integer> all = new TreeSet<>(digests.source().keySet());
        all.addAll(digests.target().keySet());
        List<String> examples = new ArrayList<>();
        for (int bucket : all) {
            String there = digests.source().getOrDefault(bucket, "");
            if (!there.equals(digests.target().getOrDefault(bucket, ""))) {
                BothSides.Answers<List<Mark>> marks =
                        sides.ask(
                                about,
                                session -> marks(session, atSource.marks(buckets, bucket)),
                                session -> marks(session, atTarget.marks(buckets, bucket)));
                examples.addAll(compare(marks.source(), marks.target()));
            }
            if (examples.size() >= wanted) {
                return List.copyOf(examples.subList(0, wanted));
            }
        }
        return List.copyOf(examples);
    }

    private static int buckets(long rows) {
        long wanted = Long.highestOneBit(Math.max(1, rows / ROWS_PER_BUCKET)) << 1;
        return Math.clamp(wanted, FEWEST, MOST);
    }

    private static Map<Integer, String> digests(Connection session, String sql)
            throws SQLException {
        Map<Integer, String> digests = new HashMap<>();
        Sql.list(session, sql, row -> digests.put(row.getInt(1), row.getString(2)));
        return digests;
    }

    private static List<Mark> marks(Connection session, String sql) throws SQLException {
        return Sql.list(
                session,
                sql,
                row ->
                        new Mark(
                                row.getString(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getString(4)));
    }

    private List<String> compare(List<Mark> source, List<Mark> target) {
        Map<String, List<Mark>> there = byName(source);
        Map<String, List<Mark>> here = byName(target);
        Set<String> names = new TreeSet<>(there.keySet());
        names.addAll(here.keySet());
        List<String> found = new ArrayList<>();
        for (String name : names) {
            String word =
                    word(there.getOrDefault(name, List.of()), here.getOrDefault(name, List.of()));
            if (word != null) {
                found.add(word);
            }
        }
        return found;
    }

    private Map<String, List<Mark>> byName(List<Mark> marks) {
        Map<String, List<Mark>> byName = new TreeMap<>();
        for (Mark mark : marks) {
            String name = atSource.key().isEmpty() ? String.valueOf(mark.hash) : mark.key;
            byName.computeIfAbsent(name, n -> new ArrayList<>()).add(mark);
        }
        return byName;
    }

    private @Nullable String word(List<Mark> source, List<Mark> target) {
        Map<Long, Long> there = times(source);
        Map<Long, Long> here = times(target);
        if (there.equals(here)) {
            return null;
        }
        long rowsThere = there.values().stream().mapToLong(Long::longValue).sum();
        long rowsHere = here.values().stream().mapToLong(Long::longValue).sum();
        String name = name(source, target);
        if (rowsThere == rowsHere) {
            return name + " differs";
        }
        if (rowsHere == 0) {
            return name + " only on the source";
        }
        if (rowsThere == 0) {
            return name + " only on the target";
        }
        return name + " " + rowsThere + " times on the source, " + rowsHere + " on the target";
    }

    private String name(List<Mark> source, List<Mark> target) {
        if (!atSource.key().isEmpty()) {
            return (source.isEmpty() ? target : source).getFirst().key();
        }
        return source.isEmpty()
                ? "row at ctid " + target.getFirst().place() + " of the target"
                : "row at ctid " + source.getFirst().place() + " of the source";
    }

    private static Map<Long, Long> times(List<Mark> marks) {
        Map<Long, Long> times = new HashMap<>();
        marks.forEach(mark -> times.merge(mark.hash, mark.times, Long::sum));
        return times;
    }
}
