package dev.switchback.steps.checks;

import dev.switchback.engine.StepContext;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Nothing in the databases would stop the migration half way, stay behind or change silently. */
public final class CheckData extends Check {
    public CheckData(World world) {
        super(
                world,
                Chapter.DATA,
                "check-data",
                "Look for objects that would not arrive, or arrive different");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        List<String> databases = world.databases();
        List<String> tablespaces;
        try (Connection target = Pg.open(world.targetReader("postgres", id()))) {
            tablespaces =
                    Sql.list(target, "SELECT spcname FROM pg_tablespace", row -> row.getString(1));
        }
        Query queries = new Query(world.exclusions(), databases, tablespaces);
        try (Connection server = Pg.open(world.source("postgres", id()))) {
            server(server, queries, findings);
        }
        for (String database : databases) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                each(source, queries, database + " ", findings);
                amounts(source, database, findings);
            }
        }
    }

    static void server(Connection server, Query queries, Findings findings) throws SQLException {
        boolean cron = Sql.one(server, "SELECT to_regclass('cron.job') IS NOT NULL").equals("t");
        for (Trap trap : Traps.ALL) {
            if (trap.place() == Trap.Place.SERVER || (cron && trap.place() == Trap.Place.CRON)) {
                trap.look(server, queries, "", findings);
            }
        }
    }

    static void each(Connection source, Query queries, String prefix, Findings findings)
            throws SQLException {
        for (Trap trap : Traps.ALL) {
            if (trap.place() == Trap.Place.EACH_DATABASE) {
                trap.look(source, queries, prefix, findings);
            }
        }
    }

    private static void amounts(Connection source, String database, Findings findings)
            throws SQLException {
        findings.saw(
                database + ".unloggedTables",
                Sql.one(
                        source,
                        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relpersistence = 'u'"));
        findings.saw(
                database + ".largeObjects",
                Sql.one(source, "SELECT count(*) FROM pg_largeobject_metadata"));
    }
}
