package dev.switchback.diagnose;

import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts the rows of both sides, the smallest tables first, until its time is over.
 *
 * <ol>
 *   <li>Only tables that hold fewer rows on the target are of interest: the applications go on
 *       inserting there.
 *   <li>Rows that the target's counters know as deleted since the copy are the applications' own
 *       doing. A session reports its counters up to ten seconds late, so that a table with too few
 *       is asked again until then.
 * </ol>
 */
final class RowCounts {
    private static final Duration BUDGET = Duration.ofSeconds(20);
    private static final Duration REPORTED = Duration.ofSeconds(12);
    private static final long AGAIN_MILLIS = 1_000;
    private static final String CANCELLED = "57014";

    private static final String TABLES =
            """
            SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND n.nspname <> ALL (?)
            ORDER BY c.relpages, 1
            """;

    private final World world;
    private final String database;
    private final Evidence evidence;

    RowCounts(World world, String database, Evidence evidence) {
        this.world = world;
        this.database = database;
        this.evidence = evidence;
    }

    void compare() throws InterruptedException {
        evidence.tried(
                "row counts of " + database,
                () -> {
                    count();
                    return true;
                });
    }

    private void count() throws SQLException, InterruptedException {
        long end = System.nanoTime() + BUDGET.toNanos();
        int counted = 0;
        int left = 0;
        try (Connection source = Pg.open(world.source(database, "diagnose"));
                Connection target = Pg.open(world.targetReader(database, "diagnose"))) {
            List<String> tables =
                    Sql.list(
                            source,
                            TABLES,
                            r -> r.getString(1),
                            world.exclusions().schemaArray(source));
            for (String table : tables) {
                if (System.nanoTime() > end) {
                    left++;
                } else if (one(source, target, table)) {
                    counted++;
                } else {
                    left++;
                }
            }
        }
        evidence.saw(Topic.ROWS, database, "tables", String.valueOf(counted));
        if (left > 0) {
            evidence.without(
                    "row counts of " + database,
                    left
                            + " large tables were not counted; 'switchback validate' compares every row");
        }
    }

    /** False when it takes too long. */
    private boolean one(Connection source, Connection target, String table)
            throws SQLException, InterruptedException {
        long there = rows(source, table);
        long here = rows(target, table);
        if (there < 0 || here == -1) {
            return false;
        }
        if (here == ABSENT) {
            lacking(table, there, 0, 0);
            return true;
        }
        long deleted = deleted(target, table);
        long reported = System.nanoTime() + REPORTED.toNanos();
        while (there - here > deleted && System.nanoTime() < reported) {
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
            there = rows(source, table);
            here = rows(target, table);
            deleted = deleted(target, table);
        }
        if (there - here > deleted) {
            lacking(table, there, here, deleted);
        }
        return true;
    }

    private void lacking(String table, long there, long here, long deleted) {
        evidence.saw(
                Topic.ROWS,
                database + "/" + table,
                "table",
                table,
                "source",
                String.valueOf(there),
                "target",
                String.valueOf(here),
                "deletedOnTarget",
                String.valueOf(deleted));
    }

    private static final long ABSENT = -2;

    /** -1 when it takes too long, {@link #ABSENT} when there is no such table. */
    private static long rows(Connection side, String table) throws SQLException {
        try {
            Sql.run(side, "SET statement_timeout = '5s'");
            return Long.parseLong(Sql.one(side, "SELECT count(*) FROM ONLY " + table));
        } catch (SQLException e) {
            if (CANCELLED.equals(e.getSQLState())) {
                return -1;
            }
            if ("42P01".equals(e.getSQLState()) || "3F000".equals(e.getSQLState())) {
                return ABSENT;
            }
            throw e;
        }
    }

    private static long deleted(Connection target, String table) throws SQLException {
        String deleted =
                Sql.first(
                        target,
                        "SELECT n_tup_del FROM pg_stat_all_tables WHERE relid = to_regclass(?)",
                        table);
        return deleted == null ? 0 : Long.parseLong(deleted);
    }
}
