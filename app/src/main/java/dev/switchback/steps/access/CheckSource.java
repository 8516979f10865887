package dev.switchback.steps.access;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/**
 * The source is healthy, a primary, has the databases, and no prepared transaction that a fence
 * could not end.
 */
public final class CheckSource implements Step {
    public static final String ID = "check-source";

    private final World world;

    public CheckSource(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Check that the source is healthy and settled";
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        List<Problem> problems = new ArrayList<>(world.source().unhealthy());
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            if (Sql.one(source, "SELECT pg_is_in_recovery()").equals("t")) {
                problems.add(
                        new Problem(
                                Code.PG_STANDBY,
                                world.source().display(),
                                "its master Service leads to a server in recovery",
                                "wait for the failover to end, or migrate from the cluster it follows"));
                return new Observation.Impossible(problems);
            }
            List<String> databases = world.databases();
            for (String database : databases) {
                if (Sql.first(source, "SELECT 1 FROM pg_database WHERE datname = ?", database)
                        == null) {
                    problems.add(
                            new Problem(
                                    Code.DATABASE_MISSING,
                                    world.source().display() + "/" + database,
                                    "there is no such database on the source",
                                    "correct spec.databases"));
                }
            }
            for (String gid :
                    Sql.list(
                            source, "SELECT gid FROM pg_prepared_xacts", row -> row.getString(1))) {
                problems.add(
                        new Problem(
                                Code.PREPARED_TRANSACTIONS,
                                world.source().display(),
                                "prepared transaction '"
                                        + gid
                                        + "' is open and could commit at any time",
                                "COMMIT PREPARED or ROLLBACK PREPARED it"));
            }
            if (databases.isEmpty()) {
                problems.add(
                        new Problem(
                                Code.DATABASE_MISSING,
                                world.source().display(),
                                "holds no database but the operators' own",
                                "name one in spec.databases"));
            }
            return problems.isEmpty()
                    ? Observation.done(
                            "version", Sql.one(source, "SHOW server_version"),
                            "versionNum", Sql.one(source, "SHOW server_version_num"),
                            "systemIdentifier",
                                    Sql.one(
                                            source,
                                            "SELECT system_identifier FROM pg_control_system()"),
                            "databases", String.join(",", databases))
                    : new Observation.Impossible(problems);
        }
    }

    @Override
    public boolean acts() {
        return false;
    }
}
