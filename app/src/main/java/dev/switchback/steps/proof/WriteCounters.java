package dev.switchback.steps.proof;

import dev.switchback.engine.Facts;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Row changes on the target by the statistics of its user tables. A lower bound: sessions report
 * with a delay, and a crash of the server resets the counters.
 */
public final class WriteCounters {
    private static final String FACT = "rowChanges.";

    private WriteCounters() {}

    /** The counters now, one fact a database, to be journalled with the commit point. */
    public static Facts now(World world) {
        Facts facts = Facts.NONE;
        for (String database : world.databases()) {
            facts = facts.with(FACT + database, String.valueOf(read(world, database)));
        }
        return facts;
    }

    /** How many more there are than at the time of {@code before}. */
    public static long since(World world, Facts before) {
        long changes = 0;
        for (String database : world.databases()) {
            long then = before.get(FACT + database).map(Long::parseLong).orElse(0L);
            long now = read(world, database);
            // counters below their start were reset: everything counted since is new
            changes += now >= then ? now - then : now;
        }
        return changes;
    }

    private static long read(World world, String database) {
        try (Connection target = Pg.open(world.target(database, "write-counters"))) {
            return Long.parseLong(
                    Sql.one(
                            target,
                            """
                            SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint
                            FROM pg_stat_user_tables WHERE schemaname <> ?
                            """,
                            Ours.SCHEMA));
        } catch (SQLException e) {
            throw new SwitchbackException(
                    new Problem(
                            Code.PG_FAILED,
                            world.target().display() + "/" + database,
                            "reading the row counters failed: " + Pg.words(e),
                            "check the target's health"),
                    e);
        }
    }
}
