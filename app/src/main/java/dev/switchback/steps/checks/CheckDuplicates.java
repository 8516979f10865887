package dev.switchback.steps.checks;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * No unique index hides rows that break its rule, as one does whose library changed its sort order:
 * the target's index is built anew, finds them, and fails with the writers stopped.
 *
 * <ol>
 *   <li>Unique indexes over texts first, then small tables before big ones.
 *   <li>Each table is grouped by its key with index scans off, by bytes where the collation allows,
 *       because the index is what is in doubt.
 *   <li>All together may take {@link #PATIENCE}, so that {@code check} takes seconds; what was not
 *       looked at is told by name. {@code check --deep} looks at everything.
 * </ol>
 */
public final class CheckDuplicates extends Check {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final String CANCELLED = "57014";
    private static final int NAMED = 5;

    private final Duration patience;

    public CheckDuplicates(World world) {
        this(world, PATIENCE);
    }

    CheckDuplicates(World world, Duration patience) {
        super(
                world,
                Chapter.DATA,
                "check-duplicates",
                "Look for duplicate keys that a broken unique index hides");
        this.patience = patience;
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        Query queries = new Query(world.exclusions(), List.of(), List.of());
        Instant until = Instant.now().plus(context.deep() ? Duration.ofDays(1) : patience);
        for (String database : world.databases()) {
            try (Connection source =
                    Pg.open(
                            world.source(database, id()),
                            context.deep() ? Duration.ZERO : Duration.ofSeconds(60))) {
                look(source, queries, database, until, context, findings);
            }
        }
    }

    static void look(
            Connection source,
            Query queries,
            String database,
            Instant until,
            StepContext context,
            Findings findings)
            throws SQLException, InterruptedException {
        for (String off : List.of("indexscan", "indexonlyscan", "bitmapscan")) {
            Sql.run(source, "SET enable_" + off + " = off");
        }
        List<UniqueIndex> indexes = UniqueIndex.of(source, queries);
        List<UniqueIndex> unlooked = new ArrayList<>();
        for (UniqueIndex index : indexes) {
            context.checkpoint();
            long left = Duration.between(Instant.now(), until).toMillis();
            if (left <= 0 || !scanned(source, index, database, left, findings)) {
                unlooked.add(index);
            }
        }
        findings.saw(database + ".uniqueIndexes", String.valueOf(indexes.size()));
        findings.saw(database + ".scanned", String.valueOf(indexes.size() - unlooked.size()));
        if (!unlooked.isEmpty()) {
            findings.warn(
                    new Problem(
                            Code.NOT_CHECKED,
                            database,
                            unlooked.size()
                                    + " of "
                                    + indexes.size()
                                    + " unique indexes were not looked at in the time a check may take: "
                                    + String.join(
                                            ", ",
                                            unlooked.stream()
                                                    .limit(NAMED)
                                                    .map(UniqueIndex::name)
                                                    .toList())
                                    + (unlooked.size() > NAMED ? ", …" : ""),
                            "switchback check --deep, at a quiet hour: it reads every table once per unique index",
                            "a duplicate in them would stop the build of the target's index"));
        }
    }

    private static boolean scanned(
            Connection source, UniqueIndex index, String database, long millis, Findings findings)
            throws SQLException {
        Sql.run(
                source,
                "SET statement_timeout = " + Math.max(1, Math.min(millis, Integer.MAX_VALUE)));
        try {
            long duplicates = Long.parseLong(Sql.one(source, index.duplicates()));
            if (duplicates > 0) {
                findings.fail(duplicate(index, database, duplicates));
            }
            return true;
        } catch (SQLException e) {
            if (CANCELLED.equals(e.getSQLState())) {
                return false;
            }
            findings.unknown(
                    new Problem(
                            Code.NOT_CHECKED,
                            database + " " + index.table(),
                            "the rows of unique index "
                                    + index.name()
                                    + " cannot be read: "
                                    + Pg.words(e),
                            "mend the table, then check again",
                            "what cannot be read here cannot be copied either"));
            return true;
        }
    }

    private static Problem duplicate(UniqueIndex index, String database, long duplicates) {
        return new Problem(
                Code.DUPLICATE_KEYS,
                database + " " + index.table(),
                duplicates
                        + " key value(s) of unique index "
                        + index.name()
                        + " ("
                        + String.join(", ", index.keys())
                        + ") are in more than one row, and the index does not know",
                "SET enable_indexscan = off, enable_indexonlyscan = off, enable_bitmapscan = off; find and"
                        + " mend the rows, then REINDEX INDEX CONCURRENTLY "
                        + index.name(),
                "the target builds the index anew, finds them and fails, with the writers stopped");
    }
}
