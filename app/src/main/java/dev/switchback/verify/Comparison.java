package dev.switchback.verify;

import dev.switchback.pg.UserTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One table on its way to a verdict: how its rows are hashed, which ranges of pages are still to be
 * read, and what both sides came to so far.
 */
final class Comparison {
    /** Heap and TOAST that one range should hold. */
    static final long PART_BYTES = 64L << 20;

    private static final long SMALL_BYTES = 256L << 10;
    private static final int BUCKETS = 1024;

    private final Pair pair;
    private final RowForm form;
    private final @Nullable String reason;
    private final boolean scanned;
    private final int buckets;
    private final Map<Side, Digest> digests = new EnumMap<>(Side.class);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicReference<@Nullable String> unreadable = new AtomicReference<>();

    /**
     * A range of one side's table.
     *
     * @param bytes that it holds, about
     */
    record Part(Comparison comparison, Side side, PageRange range, long bytes) {
        String sql() {
            return comparison.queries(side).digest(range);
        }
    }

    Comparison(Pair pair, Snapshots snapshots) {
        this.pair = pair;
        UserTable source = pair.source();
        UserTable target = pair.target();
        this.reason = reason(source, target);
        this.scanned =
                (source == null || source.populated()) && (target == null || target.populated());
        boolean rows = reason == null;
        this.form =
                RowForm.of(
                        snapshots.kind(),
                        rows && source != null ? source.columns() : List.of(),
                        rows && source != null ? source.key() : List.of(),
                        snapshots.source().shape(pair.id()),
                        snapshots.target().shape(pair.id()));
        long bytes =
                Math.max(source == null ? 0 : source.bytes(), target == null ? 0 : target.bytes());
        this.buckets = bytes <= SMALL_BYTES ? 1 : BUCKETS;
        for (Side side : Side.values()) {
            digests.put(side, new Digest());
        }
    }

    /** Why the rows need not be looked at to know that the table differs. */
    private static @Nullable String reason(@Nullable UserTable source, @Nullable UserTable target) {
        if (source == null || target == null) {
            return "";
        }
        if (source.populated() != target.populated()) {
            return "not filled on the " + (source.populated() ? "target" : "source");
        }
        return new HashSet<>(source.columns()).equals(new HashSet<>(target.columns()))
                ? null
                : "the columns differ";
    }

    Pair pair() {
        return pair;
    }

    String about() {
        return pair.id().toString();
    }

    boolean keyed() {
        return !form.key().isEmpty();
    }

    /** A row for people, {@code id=42} or {@code (a, b)=(1,x)}: its key as the server prints it. */
    String keyed(String values) {
        List<String> key = form.key();
        return key.size() == 1
                ? key.getFirst() + "=" + values.substring(1, values.length() - 1)
                : "(" + String.join(", ", key) + ")=" + values;
    }

    RowQueries queries(Side side) {
        UserTable table = table(side);
        return new RowQueries(table == null ? "" : table.id().sql(), form, buckets);
    }

    private @Nullable UserTable table(Side side) {
        return side == Side.SOURCE ? pair.source() : pair.target();
    }

    /** What has to be read of one side; to be called once for each side before reading begins. */
    List<Part> parts(Side side, Snapshots.Content content) {
        UserTable table = table(side);
        if (table == null || !scanned) {
            return List.of();
        }
        long pages = content.major() < 14 ? 0 : content.shape(table.id()).pages();
        long wanted = pages == 0 ? 1 : Math.ceilDiv(table.bytes(), PART_BYTES);
        List<Part> parts = new ArrayList<>();
        List<PageRange> ranges = PageRange.split(pages, Math.max(1, wanted));
        for (PageRange range : ranges) {
            parts.add(new Part(this, side, range, table.bytes() / ranges.size()));
        }
        waiting.addAndGet(parts.size());
        return parts;
    }

    Digest digest(Side side) {
        return java.util.Objects.requireNonNull(digests.get(side));
    }

    /** The first side that does not let itself be read decides. */
    void unreadable(Side side, String words) {
        unreadable.compareAndSet(null, "cannot read the " + side.word() + ": " + words);
    }

    /** Whether the sides' rows can be laid beside each other. */
    boolean hasRowsToCompare() {
        return reason == null && scanned;
    }

    /** Whether no part is waited for: before reading begins, a materialized view never filled. */
    boolean nothingToRead() {
        return waiting.get() == 0;
    }

    /** One part less to wait for; true for the last one. */
    boolean arrived() {
        return waiting.decrementAndGet() == 0;
    }

    List<Integer> differingBuckets() {
        return digest(Side.SOURCE).differing(digest(Side.TARGET));
    }

    /** What is known before any row was compared; null when rows decide. */
    @Nullable TableVerdict verdictWithoutRows() {
        String words = unreadable.get();
        if (words != null) {
            return TableVerdict.unreadable(pair.id(), words);
        }
        if (reason != null) {
            return new TableVerdict(
                    pair.id(),
                    rows(Side.SOURCE),
                    rows(Side.TARGET),
                    false,
                    reason.isEmpty() ? List.of() : List.of(reason));
        }
        return scanned ? null : new TableVerdict(pair.id(), 0, 0, true, List.of());
    }

    /** What the digests say; null when they differ, so that single rows must be looked at. */
    @Nullable TableVerdict verdict() {
        TableVerdict known = verdictWithoutRows();
        return known != null || !differingBuckets().isEmpty()
                ? known
                : new TableVerdict(
                        pair.id(), rows(Side.SOURCE), rows(Side.TARGET), true, List.of());
    }

    long rows(Side side) {
        return table(side) == null ? TableVerdict.ABSENT : digest(side).rows();
    }
}
