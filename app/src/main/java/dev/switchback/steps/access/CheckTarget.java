package dev.switchback.steps.access;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.Emptiness;
import dev.switchback.schema.TargetReset;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target is healthy, a primary, not older than the source, and its databases are empty or ours.
 */
public final class CheckTarget extends Check {
    public CheckTarget(World world) {
        super(
                world,
                Chapter.TARGET,
                "check-target",
                "Check that the target is healthy, and empty or ours");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        List<Problem> unhealthy = world.target().unhealthy();
        unhealthy.forEach(findings::fail);
        new SettledTarget(world.target(), findings).look();
        if (!unhealthy.isEmpty()) {
            return; // what it holds is asked when it can answer
        }
        try (Connection source = Pg.open(world.source("postgres", id()));
                Connection target = Pg.open(world.targetReader("postgres", id()))) {
            if (Sql.one(target, "SELECT pg_is_in_recovery()").equals("t")) {
                findings.fail(
                        problem(
                                Code.PG_STANDBY,
                                "",
                                "its -rw Service leads to a server in recovery",
                                "wait for the switchover to end"));
            }
            int sourceMajor = Pg.major(source);
            int targetMajor = Pg.major(target);
            if (targetMajor < sourceMajor) {
                findings.fail(
                        problem(
                                Code.PG_VERSION,
                                "",
                                "runs PostgreSQL "
                                        + targetMajor
                                        + ", older than the source's "
                                        + sourceMajor,
                                "use a target of at least the source's major"));
            }
            for (String database : world.databases()) {
                database(context, source, target, database, findings);
            }
            findings.saw("version", Sql.one(target, "SHOW server_version"));
            findings.saw("versionNum", Sql.one(target, "SHOW server_version_num"));
        }
    }

    private void database(
            StepContext context,
            Connection source,
            Connection target,
            String database,
            Findings findings)
            throws Exception {
        String encoding = encoding(target, database);
        if (encoding == null) {
            return;
        }
        String wanted = encoding(source, database);
        if (!encoding.equals(wanted)) {
            findings.fail(
                    problem(
                            Code.DATABASE_SETTINGS,
                            "/" + database,
                            "has encoding " + encoding + ", the source " + wanted,
                            "drop the empty database on the target: it is then created like the source's"));
        }
        try (Connection inside = Pg.open(world.targetReader(database, id()))) {
            String marker = TargetReset.marker(inside);
            if (marker != null && marker.equals(context.migrationUid())) {
                return;
            }
            List<String> objects = Emptiness.userObjects(inside, world.exclusions());
            if (!objects.isEmpty() || marker != null) {
                findings.fail(
                        problem(
                                Code.TARGET_NOT_EMPTY,
                                "/" + database,
                                marker != null
                                        ? "belongs to another migration (" + marker + ")"
                                        : "holds "
                                                + objects.size()
                                                + " object(s) that we did not put there, the first "
                                                + objects.getFirst(),
                                "empty the database, or name another target; nothing there is ever overwritten"));
            }
        }
    }

    private static @Nullable String encoding(Connection connection, String database)
            throws SQLException {
        return Sql.first(
                connection,
                "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = ?",
                database);
    }

    private Problem problem(Code code, String where, String what, String remedy) {
        return new Problem(code, world.target().display() + where, what, remedy);
    }
}
