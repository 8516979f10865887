package dev.switchback.steps.access;

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
import java.util.List;

/**
 * The source is healthy, a primary, has the databases, and no prepared transaction that a fence
 * could not end.
 */
public final class CheckSource extends Check {
    public static final String ID = "check-source";

    public CheckSource(World world) {
        super(world, Chapter.INFRASTRUCTURE, ID, "Check that the source is healthy and settled");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        world.source().unhealthy().forEach(findings::fail);
        new SettledSource(world.source(), findings).look();
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            if (Sql.one(source, "SELECT pg_is_in_recovery()").equals("t")) {
                findings.fail(
                        new Problem(
                                Code.PG_STANDBY,
                                world.source().display(),
                                "its master Service leads to a server in recovery",
                                "wait for the failover to end, or migrate from the cluster it follows"));
                return;
            }
            databases(source, findings);
            findings.saw("version", Sql.one(source, "SHOW server_version"));
            findings.saw("versionNum", Sql.one(source, "SHOW server_version_num"));
            findings.saw(
                    "systemIdentifier",
                    Sql.one(source, "SELECT system_identifier FROM pg_control_system()"));
        }
    }

    private void databases(Connection source, Findings findings) throws SQLException {
        List<String> databases = world.databases();
        for (String database : databases) {
            if (Sql.first(source, "SELECT 1 FROM pg_database WHERE datname = ?", database)
                    == null) {
                findings.fail(
                        new Problem(
                                Code.DATABASE_MISSING,
                                world.source().display() + "/" + database,
                                "there is no such database on the source",
                                "correct spec.databases"));
            }
        }
        if (databases.isEmpty()) {
            findings.fail(
                    new Problem(
                            Code.DATABASE_MISSING,
                            world.source().display(),
                            "holds no database but the operators' own",
                            "name one in spec.databases"));
        }
        for (String gid :
                Sql.list(source, "SELECT gid FROM pg_prepared_xacts", row -> row.getString(1))) {
            findings.fail(
                    new Problem(
                            Code.PREPARED_TRANSACTIONS,
                            world.source().display(),
                            "prepared transaction '" + gid + "' is open",
                            "COMMIT PREPARED or ROLLBACK PREPARED it",
                            "it could commit at any time, and no fence can end it"));
        }
        findings.saw("databases", String.join(",", databases));
    }
}
