package dev.switchback.verify;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Workers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Looks at single rows of tables: of the buckets in which the digests differ, to name them, or of
 * all, by SHA-256 over their whole text. Not more rows of one table are named than sort cheaply on
 * its servers; what was left out is said.
 */
final class RowSearch implements Workers.Worker<Comparison> {
    /** Rows of one side that are sorted to name differences. */
    static final long ROWS = 2_000_000;

    private final PinnedSnapshot source;
    private final PinnedSnapshot target;
    private final Sessions sessions;
    private final boolean sameEncoding;
    private final boolean deep;
    private final int examples;
    private final BiConsumer<Comparison, TableVerdict> verdicts;

    RowSearch(
            PinnedSnapshot source,
            PinnedSnapshot target,
            Sessions sessions,
            boolean sameEncoding,
            boolean deep,
            int examples,
            BiConsumer<Comparison, TableVerdict> verdicts) {
        this.source = source;
        this.target = target;
        this.sessions = sessions;
        this.sameEncoding = sameEncoding;
        this.deep = deep;
        this.examples = examples;
        this.verdicts = verdicts;
    }

    @Override
    public void take(Comparison comparison) throws SQLException {
        TableVerdict known = comparison.verdictWithoutRows();
        verdicts.accept(
                comparison, known != null ? known : deep ? all(comparison) : some(comparison));
    }

    private TableVerdict all(Comparison comparison) throws SQLException {
        Map<Side, String> sql = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            sql.put(side, comparison.queries(side).wholeRows(sameEncoding));
        }
        try (BothSides sides = new BothSides(source, target, sessions)) {
            RowMerge.Found found = RowMerge.run(sides, comparison, sql, examples);
            return new TableVerdict(
                    comparison.pair().id(),
                    found.rowsSource(),
                    found.rowsTarget(),
                    found.differing() == 0,
                    found.examples(),
                    found.differing(),
                    true,
                    null);
        } catch (SQLException | SwitchbackException e) {
            goOnUnlessLost(e);
            return TableVerdict.unreadable(comparison.pair().id(), words(e));
        }
    }

    private TableVerdict some(Comparison comparison) throws SQLException {
        List<Integer> differing = comparison.differingBuckets();
        List<Integer> chosen = new ArrayList<>();
        long rows = 0;
        for (int bucket : differing) {
            rows +=
                    Math.max(
                            comparison.digest(Side.SOURCE).rows(bucket),
                            comparison.digest(Side.TARGET).rows(bucket));
            if (chosen.isEmpty() || rows <= ROWS) {
                chosen.add(bucket);
            }
        }
        Map<Side, String> sql = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            sql.put(side, comparison.queries(side).marks(chosen));
        }
        List<String> names;
        long count;
        try (BothSides sides = new BothSides(source, target, sessions)) {
            RowMerge.Found found = RowMerge.run(sides, comparison, sql, examples);
            names = found.examples();
            count = found.differing();
        } catch (SQLException | SwitchbackException e) {
            goOnUnlessLost(e);
            names = List.of("the rows cannot be named: " + words(e));
            count = 1;
        }
        return new TableVerdict(
                comparison.pair().id(),
                comparison.rows(Side.SOURCE),
                comparison.rows(Side.TARGET),
                false,
                names,
                count,
                chosen.size() == differing.size(),
                null);
    }

    /**
     * A table that does not let itself be read is told; a snapshot that is gone ends everything.
     */
    private void goOnUnlessLost(Exception e) throws SQLException {
        if (sessions.stopped() || !source.isAlive() || !target.isAlive()) {
            if (e instanceof SQLException ended) {
                throw ended;
            }
            throw (SwitchbackException) e;
        }
    }

    private static String words(Exception e) {
        return e instanceof SQLException refused
                ? Pg.words(refused)
                : ((SwitchbackException) e).problem().what();
    }

    @Override
    public void close() {
        // sessions live as long as one table
    }
}
