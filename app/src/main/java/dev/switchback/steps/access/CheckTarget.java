package dev.switchback.steps.access;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.Emptiness;
import dev.switchback.schema.TargetReset;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target is healthy, a primary, not older than the source, and its databases are empty or ours.
 */
public final class CheckTarget implements Step {
    private final World world;

    public CheckTarget(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "check-target";
    }

    @Override
    public String title() {
        return "Check that the target is healthy, and empty or ours";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        List<Problem> problems = new ArrayList<>(world.target().unhealthy());
        if (!problems.isEmpty()) {
            return new Observation.Impossible(problems);
        }
        try (Connection source = Pg.open(world.source("postgres", id()));
                Connection target = Pg.open(world.targetReader("postgres", id()))) {
            if (Sql.one(target, "SELECT pg_is_in_recovery()").equals("t")) {
                problems.add(
                        problem(
                                Code.PG_STANDBY,
                                "",
                                "its -rw Service leads to a server in recovery",
                                "wait for the switchover to end"));
            }
            int sourceMajor = Pg.major(source);
            int targetMajor = Pg.major(target);
            if (targetMajor < sourceMajor) {
                problems.add(
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
                database(context, source, target, database, problems);
            }
            return problems.isEmpty()
                    ? Observation.done(
                            "version", Sql.one(target, "SHOW server_version"),
                            "versionNum", Sql.one(target, "SHOW server_version_num"))
                    : new Observation.Impossible(problems);
        }
    }

    private void database(
            StepContext context,
            Connection source,
            Connection target,
            String database,
            List<Problem> problems)
            throws Exception {
        String encoding = encoding(target, database);
        if (encoding == null) {
            return;
        }
        String wanted = encoding(source, database);
        if (!encoding.equals(wanted)) {
            problems.add(
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
                problems.add(
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
