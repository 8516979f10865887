package dev.switchback.verify;

import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Exclusions;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.pg.Sessions;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import dev.switchback.pg.UserTable;
import dev.switchback.pg.Workers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Exact row counts of every table on both sides: the quick check inside the downtime. */
public final class Counts {
    private Counts() {}

    /**
     * One verdict per table of either side, by name; {@code equal} means the same number of rows.
     *
     * @throws dev.switchback.fault.SwitchbackException CONTENT_NOT_PROVEN when a side cannot be
     *     read
     */
    public static List<TableVerdict> compare(
            ConnectionSpec source,
            ConnectionSpec target,
            Exclusions exclusions,
            int jobs,
            Stopper stopper)
            throws InterruptedException {
        return compare(source, target, exclusions, id -> true, jobs, stopper);
    }

    /**
     * The same for some tables.
     *
     * @param wanted which
     */
    public static List<TableVerdict> compare(
            ConnectionSpec source,
            ConnectionSpec target,
            Exclusions exclusions,
            Predicate<TableId> wanted,
            int jobs,
            Stopper stopper)
            throws InterruptedException {
        try (PinnedSnapshot there = PinnedSnapshot.open(source);
                PinnedSnapshot here = PinnedSnapshot.open(target)) {
            List<Pair> pairs = Snapshots.of(there, here, exclusions).tables(wanted);
            List<TableVerdict> verdicts = Collections.synchronizedList(new ArrayList<>());
            Workers.run(
                    "count",
                    pairs,
                    jobs,
                    stopper,
                    sessions -> new Counter(there, here, sessions, verdicts));
            return verdicts.stream().sorted(Comparator.comparing(TableVerdict::table)).toList();
        }
    }

    private static final class Counter implements Workers.Worker<Pair> {
        private final BothSides sides;
        private final List<TableVerdict> verdicts;

        Counter(
                PinnedSnapshot source,
                PinnedSnapshot target,
                Sessions sessions,
                List<TableVerdict> verdicts)
                throws SQLException {
            this.sides = new BothSides(source, target, sessions);
            this.verdicts = verdicts;
        }

        @Override
        public void take(Pair pair) {
            BothSides.Answers<Long> rows =
                    sides.ask(pair.id().toString(), count(pair.source()), count(pair.target()));
            verdicts.add(
                    new TableVerdict(
                            pair.id(), rows.source(), rows.target(), rows.agree(), List.of()));
        }

        private static BothSides.Question<Long> count(@Nullable UserTable table) {
            return table == null
                    ? session -> TableVerdict.ABSENT
                    : session ->
                            Long.valueOf(
                                    Sql.one(
                                            session,
                                            "SELECT count(*) FROM ONLY " + table.id().sql()));
        }

        @Override
        public void close() throws SQLException {
            sides.close();
        }
    }
}
