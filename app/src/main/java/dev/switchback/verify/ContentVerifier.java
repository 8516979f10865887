package dev.switchback.verify;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.pg.Workers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Compares the exact content of every table of two databases, generated columns included.
 *
 * <ol>
 *   <li>Both sides are read on one snapshot each, given or taken at the start.
 *   <li>Every table is cut into ranges of pages. On each side some sessions digest ranges, the
 *       largest first, without waiting for the other side: per bucket the number of rows and sums
 *       of 64-bit hashes under two seeds ({@link RowForm}, {@link RowQueries}). Equal multisets of
 *       rows have equal digests. That a changed row goes unseen has a chance of about 2⁻¹²⁸, that
 *       rows trade values unseen, 2⁻⁶⁴.
 *   <li>Rows of buckets that differ are laid beside each other and named ({@link RowSearch}).
 *   <li>Asked to go deep, no digest is trusted: step 2 is left out, and every row of every table is
 *       laid beside its counterpart, by SHA-256 over its whole text.
 *   <li>Materialized views are compared in the same way and reported apart.
 * </ol>
 *
 * A table that one side lacks, or with other columns, differs. Nothing unreadable counts as equal.
 */
public final class ContentVerifier {
    /** How many examples a verdict holds at most. */
    static final int EXAMPLES = 10;

    private final Exclusions exclusions;
    private final int jobs;
    private final boolean deep;

    /**
     * @param jobs sessions that read each side at the same time
     */
    public ContentVerifier(Exclusions exclusions, int jobs) {
        this(exclusions, jobs, false);
    }

    ContentVerifier(Exclusions exclusions, int jobs, boolean deep) {
        this.exclusions = exclusions;
        this.jobs = jobs;
        this.deep = deep;
    }

    /**
     * Compares what both hold now. The roles must be able to read every table and to bypass row
     * security.
     */
    public ContentReport verify(
            ConnectionSpec source,
            ConnectionSpec target,
            Consumer<TableVerdict> progress,
            Stopper stopper)
            throws InterruptedException {
        try (PinnedSnapshot there = PinnedSnapshot.open(source);
                PinnedSnapshot here = PinnedSnapshot.open(target)) {
            return verify(there, here, progress, stopper);
        }
    }

    /**
     * Compares what two snapshots hold; their holders stay open.
     *
     * @param progress hears every verdict as it is known, from several threads
     * @throws SwitchbackException CONTENT_NOT_PROVEN with the table, the side and the server's
     *     words, also when a single table cannot be read
     */
    public ContentReport verify(
            PinnedSnapshot source,
            PinnedSnapshot target,
            Consumer<TableVerdict> progress,
            Stopper stopper)
            throws InterruptedException {
        ContentReport report = compare(source, target, any -> true, progress, stopper);
        for (TableVerdict verdict : report.tables()) {
            if (verdict.unreadable() != null) {
                throw new SwitchbackException(
                        Code.CONTENT_NOT_PROVEN,
                        verdict.table().toString(),
                        verdict.unreadable(),
                        "mend what the server says, then verify again");
            }
        }
        return report;
    }

    /**
     * The same, where a table that cannot be read is a verdict among others.
     *
     * @param wanted the tables and materialized views to look at
     */
    ContentReport compare(
            PinnedSnapshot source,
            PinnedSnapshot target,
            Predicate<TableId> wanted,
            Consumer<TableVerdict> progress,
            Stopper stopper)
            throws InterruptedException {
        Snapshots snapshots = Snapshots.of(source, target, exclusions);
        Work work = new Work(snapshots, source, target, progress, stopper);
        List<TableVerdict> tables = work.judge(snapshots.tables(wanted));
        List<TableVerdict> views = work.judge(snapshots.materializedViews(wanted));
        long rows = tables.stream().mapToLong(v -> Math.max(0, v.rowsSource())).sum();
        return new ContentReport(tables, views, rows);
    }

    /** One comparison of two snapshots. */
    private final class Work {
        private final Snapshots snapshots;
        private final PinnedSnapshot source;
        private final PinnedSnapshot target;
        private final Consumer<TableVerdict> progress;
        private final Stopper stopper;
        private final List<TableVerdict> verdicts = Collections.synchronizedList(new ArrayList<>());
        private final Queue<Comparison> undecided = new ConcurrentLinkedQueue<>();

        Work(
                Snapshots snapshots,
                PinnedSnapshot source,
                PinnedSnapshot target,
                Consumer<TableVerdict> progress,
                Stopper stopper) {
            this.snapshots = snapshots;
            this.source = source;
            this.target = target;
            this.progress = progress;
            this.stopper = stopper;
        }

        List<TableVerdict> judge(List<Pair> pairs) throws InterruptedException {
            verdicts.clear();
            undecided.clear();
            List<Comparison> comparisons =
                    pairs.stream().map(pair -> new Comparison(pair, snapshots)).toList();
            if (deep) {
                comparisons.stream().filter(Comparison::hasRowsToCompare).forEach(undecided::add);
            }
            digest(
                    comparisons.stream()
                            .filter(comparison -> !deep || !comparison.hasRowsToCompare())
                            .toList());
            Workers.run(
                    "compare-rows",
                    List.copyOf(undecided),
                    jobs,
                    stopper,
                    sessions ->
                            new RowSearch(
                                    source,
                                    target,
                                    sessions,
                                    snapshots.sameEncoding(),
                                    deep,
                                    EXAMPLES,
                                    (comparison, verdict) -> tell(verdict)));
            return verdicts.stream().sorted(Comparator.comparing(TableVerdict::table)).toList();
        }

        private void digest(List<Comparison> comparisons) throws InterruptedException {
            Map<Side, DigestLane.Stretch> stretches = new EnumMap<>(Side.class);
            stretches.put(
                    Side.SOURCE, stretch(Side.SOURCE, source, snapshots.source(), comparisons));
            stretches.put(
                    Side.TARGET, stretch(Side.TARGET, target, snapshots.target(), comparisons));
            comparisons.stream().filter(Comparison::nothingToRead).forEach(this::complete);
            List<DigestLane.Stretch> lanes = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                lanes.addAll(stretches.values());
            }
            Workers.run(
                    "verify",
                    lanes,
                    lanes.size(),
                    stopper,
                    sessions -> new DigestLane(sessions, this::complete));
        }

        private DigestLane.Stretch stretch(
                Side side,
                PinnedSnapshot snapshot,
                Snapshots.Content content,
                List<Comparison> comparisons) {
            return new DigestLane.Stretch(
                    side,
                    snapshot,
                    new ConcurrentLinkedQueue<>(
                            comparisons.stream()
                                    .flatMap(c -> c.parts(side, content).stream())
                                    .sorted(
                                            Comparator.comparingLong(Comparison.Part::bytes)
                                                    .reversed())
                                    .toList()));
        }

        private void complete(Comparison comparison) {
            TableVerdict verdict = comparison.verdict();
            if (verdict == null) {
                undecided.add(comparison);
            } else {
                tell(verdict);
            }
        }

        private void tell(TableVerdict verdict) {
            verdicts.add(verdict);
            progress.accept(verdict);
        }
    }
}
