package dev.switchback.steps.cleanup;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.steps.World;
import dev.switchback.steps.link.SetReplicaIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/**
 * Puts the replica identities back that were set for the links, on both sides. A table of the
 * target that somebody publishes meanwhile keeps it: without one its updates would fail.
 */
public final class RestoreIdentities implements Step {
    static final String PUBLISHED =
            "another publication has the table: without its replica identity updates would fail";

    private static final String ID = "restore-identities";

    private final World world;
    private final Identities identities;

    /**
     * @param captured by {@code set-replica-identity}: the statements that put back what was there
     */
    public RestoreIdentities(World world, Facts captured) {
        this.world = world;
        this.identities = new Identities(captured);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Put the tables' replica identities back";
    }

    @Override
    public Observation observe(StepContext context) throws SQLException {
        for (Function<String, ConnectionSpec> side : sides()) {
            for (Identities.Changed changed : identities.changed(side)) {
                if (!changed.published()) {
                    return Observation.todo(
                            changed.database() + ": " + changed.table() + " has ours");
                }
            }
        }
        return Observation.done("tables", String.valueOf(identities.captured().values().size()));
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (Function<String, ConnectionSpec> side : sides()) {
            for (Identities.Changed changed : identities.changed(side)) {
                if (changed.published()) {
                    context.note(changed.table() + ": " + PUBLISHED);
                    continue;
                }
                context.note(changed.statement());
                try (Connection session = Pg.open(side.apply(changed.database()))) {
                    SetReplicaIdentity.putBack(context, session, changed.statement());
                }
            }
        }
    }

    private List<Function<String, ConnectionSpec>> sides() {
        return List.of(d -> world.source(d, ID), d -> world.target(d, ID));
    }
}
