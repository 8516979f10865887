package dev.switchback.copy;

import dev.switchback.pg.TableId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is one piece of work: a big table is cut only when one worker's fair share is
 * smaller than the table, because only a table with one worker can be written frozen, which costs a
 * fifth less of the target's CPU; tiny tables go together, because round trips are all they cost.
 */
final class CopyPlan {
    /** Up to this size a table is tiny. */
    private static final long TINY_BYTES = 128L << 10;

    private static final long BATCH_BYTES = 4L << 20;
    private static final int BATCH_TABLES = 64;

    /** Above it, too much would have to be repeated when a connection breaks. */
    private static final long LARGEST_PART = 4L << 30;

    private static final int PARTS_PER_JOB = 4;

    private final CopyOptions options;
    private final boolean tidRangeScan;
    private final long total;

    CopyPlan(CopyOptions options, int sourceMajor, List<SourceTable> tables) {
        this.options = options;
        this.tidRangeScan = sourceMajor >= 14;
        this.total = tables.stream().mapToLong(SourceTable::bytes).sum();
    }

    /** Half-open ranges of pages from 0 on, the last one open; empty when it stays whole. */
    List<CopyUnit.Part> cut(SourceTable table) {
        boolean possible =
                tidRangeScan && table.heap() && !table.unlogged() && !table.columns().isEmpty();
        boolean more = table.bytes() > total / options.jobs();
        if (!possible
                || options.jobs() == 1
                || !more
                || table.bytes() < 2 * options.smallestPart()) {
            return List.of();
        }
        long part =
                Math.clamp(
                        total / ((long) options.jobs() * PARTS_PER_JOB),
                        options.smallestPart(),
                        Math.max(LARGEST_PART, options.smallestPart()));
        long count = Math.min((table.bytes() + part - 1) / part, table.pages());
        List<CopyUnit.Part> parts = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            @Nullable Long end = i + 1 == count ? null : (i + 1) * table.pages() / count;
            parts.add(new CopyUnit.Part(i * table.pages() / count, end));
        }
        return parts;
    }

    static List<CopyUnit> units(
            List<SourceTable> whole,
            Map<SourceTable, List<CopyUnit.Part>> left,
            Set<TableId> wide) {
        List<CopyUnit> units = new ArrayList<>();
        left.forEach((table, parts) -> {
            long share = table.bytes() / Math.max(1, parts.size());
            parts.forEach(p -> units.add(new CopyUnit(List.of(table), p, share)));
        });
        List<SourceTable> tiny = new ArrayList<>();
        for (SourceTable table : whole) {
            if (table.bytes() > TINY_BYTES || wide.contains(table.id())) {
                units.add(CopyUnit.whole(table));
            } else {
                tiny.add(table);
            }
        }
        units.addAll(batches(tiny));
        units.sort(Comparator.comparingLong(CopyUnit::bytes).reversed());
        return units;
    }

    private static List<CopyUnit> batches(List<SourceTable> tiny) {
        List<CopyUnit> batches = new ArrayList<>();
        List<SourceTable> batch = new ArrayList<>();
        long bytes = 0;
        for (SourceTable table : tiny) {
            if (batch.size() == BATCH_TABLES || bytes + table.bytes() > BATCH_BYTES) {
                batches.add(CopyUnit.tiny(batch));
                batch.clear();
                bytes = 0;
            }
            batch.add(table);
            bytes += table.bytes();
        }
        if (!batch.isEmpty()) {
            batches.add(CopyUnit.tiny(batch));
        }
        return batches;
    }

    /** Parts that an earlier run cut, by table, when the table was not rewritten since. */
    static Map<TableId, List<CopyNotes.NotedPart>> known(
            List<CopyNotes.NotedPart> noted, Map<TableId, SourceTable> tables) {
        Map<TableId, List<CopyNotes.NotedPart>> known = new HashMap<>();
        for (CopyNotes.NotedPart part : noted) {
            SourceTable table = tables.get(part.table());
            if (table != null && table.filenode() == part.filenode()) {
                known.computeIfAbsent(part.table(), _ -> new ArrayList<>()).add(part);
            }
        }
        return known;
    }
}
