package dev.switchback.verify;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import dev.switchback.pg.Workers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the exact content of every table of two databases, generated columns included.
 *
 * <ol>
 *   <li>Both sides are read on one snapshot each, given or taken at the start.
 *   <li>Per table one query on each side, at the same time: the number of rows and two sums of
 *       64-bit hashes over the rows' text. Equal multisets of rows have equal digests; different
 *       ones do with a chance of about 2⁻¹²⁸.
 *   <li>Where they differ, the rows are narrowed down to their keys.
 *   <li>Materialized views are compared in the same way and reported apart.
 * </ol>
 *
 * A table that one side lacks, or with other columns, differs. Nothing unreadable counts as equal:
 * it is an error.
 */
public final class ContentVerifier {
    /** How many examples a verdict holds at most. */
    static final int EXAMPLES = 10;

    private final Exclusions exclusions;
    private final int jobs;

    /**
     * @param jobs tables compared at the same time
     */
    public ContentVerifier(Exclusions exclusions, int jobs) {
        this.exclusions = exclusions;
        this.jobs = jobs;
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
     *     words
     */
    public ContentReport verify(
            PinnedSnapshot source,
            PinnedSnapshot target,
            Consumer<TableVerdict> progress,
            Stopper stopper)
            throws InterruptedException {
        Snapshots.Pairs pairs = Snapshots.pairs(source, target, exclusions);
        List<TableVerdict> tables = compare(pairs.tables(), source, target, progress, stopper);
        List<TableVerdict> views =
                compare(pairs.materializedViews(), source, target, progress, stopper);
        long rows = tables.stream().mapToLong(v -> Math.max(0, v.rowsSource())).sum();
        return new ContentReport(tables, views, rows);
    }

    private List<TableVerdict> compare(
            List<Pair> pairs,
            PinnedSnapshot source,
            PinnedSnapshot target,
            Consumer<TableVerdict> progress,
            Stopper stopper)
            throws InterruptedException {
        List<TableVerdict> verdicts = Collections.synchronizedList(new ArrayList<>());
        Workers.run(
                "verify",
                pairs,
                jobs,
                stopper,
                sessions ->
                        new Comparison(
                                source,
                                target,
                                sessions,
                                verdict -> {
                                    verdicts.add(verdict);
                                    progress.accept(verdict);
                                }));
        return verdicts.stream().sorted(Comparator.comparing(TableVerdict::table)).toList();
    }

    /** A digest over all rows, and how many they are. */
    private record Digest(String sums, long rows) {}

    private static final class Comparison implements Workers.Worker<Pair> {
        private final BothSides sides;
        private final Consumer<TableVerdict> verdicts;

        Comparison(
                PinnedSnapshot source,
                PinnedSnapshot target,
                Sessions sessions,
                Consumer<TableVerdict> verdicts)
                throws SQLException {
            this.sides = new BothSides(source, target, sessions);
            this.verdicts = verdicts;
        }

        @Override
        public void take(Pair pair) {
            verdicts.accept(judge(pair));
        }

        private TableVerdict judge(Pair pair) {
            UserTable source = pair.source();
            UserTable target = pair.target();
            if (source == null || target == null) {
                return new TableVerdict(
                        pair.id(),
                        source == null ? TableVerdict.ABSENT : count(pair, source, true),
                        target == null ? TableVerdict.ABSENT : count(pair, target, false),
                        false,
                        List.of());
            }
            if (!source.populated() || !target.populated()) {
                return unfilled(pair.id(), source.populated(), target.populated());
            }
            if (!new HashSet<>(source.columns()).equals(new HashSet<>(target.columns()))) {
                return new TableVerdict(
                        pair.id(),
                        count(pair, source, true),
                        count(pair, target, false),
                        false,
                        List.of("the columns differ"));
            }
            return judge(source, target);
        }

        private TableVerdict judge(UserTable source, UserTable target) {
            RowText there = new RowText(source, source.columns(), source.key());
            RowText here = new RowText(target, source.columns(), source.key());
            BothSides.Answers<Digest> digests =
                    sides.ask(
                            source.id().toString(),
                            session -> digest(session, there),
                            session -> digest(session, here));
            long rows = digests.source().rows();
            long arrived = digests.target().rows();
            List<String> examples =
                    digests.agree()
                            ? List.of()
                            : new Narrowing(sides, there, here)
                                    .examples(Math.max(rows, arrived), EXAMPLES);
            return new TableVerdict(source.id(), rows, arrived, digests.agree(), examples);
        }

        private static Digest digest(Connection session, RowText text) throws SQLException {
            return Sql.list(
                            session,
                            text.digest(),
                            row -> new Digest(row.getString(1), row.getLong(2)))
                    .getFirst();
        }

        private static TableVerdict unfilled(TableId view, boolean source, boolean target) {
            return new TableVerdict(
                    view,
                    0,
                    0,
                    source == target,
                    source == target
                            ? List.of()
                            : List.of("not filled on the " + (source ? "target" : "source")));
        }

        private long count(Pair pair, @Nullable UserTable table, boolean source) {
            BothSides.Question<Long> none = session -> 0L;
            BothSides.Question<Long> rows =
                    session ->
                            table == null
                                    ? 0L
                                    : Long.parseLong(
                                            Sql.one(
                                                    session,
                                                    "SELECT count(*) FROM ONLY "
                                                            + table.id().sql()));
            BothSides.Answers<Long> answers =
                    sides.ask(pair.id().toString(), source ? rows : none, source ? none : rows);
            return source ? answers.source() : answers.target();
        }

        @Override
        public void close() throws SQLException {
            sides.close();
        }
    }
}
