package dev.switchback.steps.cleanup;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Ours;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.schema.TargetReset;
import dev.switchback.steps.World;
import dev.switchback.steps.backup.TakeBackup;
import java.sql.Connection;
import java.util.List;
import java.util.Set;

/**
 * Takes our bookkeeping off the target: the marker, what was copied, scratch databases. Without the
 * marker no later run empties these databases.
 */
public final class ClearTarget implements Step {
    private static final String ID = "clear-target";

    private final World world;

    public ClearTarget(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Take our bookkeeping off the target";
    }

    @Override
    public Observation observe(StepContext context) {
        ServerTraces target = new ServerTraces(Trace.TARGET, world.targetReader("postgres", ID));
        for (String database : world.databases()) {
            List<String> left = target.in(database, Set.of("schema", "table", "function"));
            if (!left.isEmpty()) {
                return Observation.todo(database + ": " + String.join(", ", left));
            }
        }
        return target.server().stream()
                .filter(t -> t.kind().equals("database"))
                .filter(t -> t.name().equals(TakeBackup.scratchDatabase(context.migrationUid())))
                .findFirst()
                .map(t -> Observation.todo("scratch database " + t.name()))
                .orElseGet(() -> Observation.done("bookkeeping", "none"));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (String database : world.databases()) {
            try (Connection target = Pg.open(world.target(database, ID))) {
                Sql.run(target, "SET default_transaction_read_only = off; SET lock_timeout = '5s'");
                TargetReset.forget(target);
                String other =
                        Sql.first(
                                target,
                                """
                                SELECT pg_describe_object(classid, objid, objsubid) FROM pg_depend
                                WHERE refclassid = 'pg_namespace'::regclass AND refobjid = to_regnamespace(?)
                                LIMIT 1
                                """,
                                Ours.SCHEMA);
                if (other != null) {
                    throw new SwitchbackException(
                            Code.SCHEMA_SHARED,
                            world.target().display() + "/" + database,
                            "schema switchback holds what is not bookkeeping: " + other,
                            "move or drop it, then run 'switchback cleanup' again");
                }
                Sql.run(target, "DROP SCHEMA IF EXISTS " + Sql.identifier(Ours.SCHEMA));
            }
        }
        TakeBackup.dropScratchDatabase(world, ID, context.migrationUid());
    }
}
