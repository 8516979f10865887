package dev.switchback.steps.link;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.link.ReplicationRole;
import dev.switchback.pg.Pg;
import dev.switchback.steps.World;
import java.sql.Connection;

/** Makes the role on the source that the target's subscriptions log in with. */
public final class CreateReplicationRole implements Step {
    private final World world;

    public CreateReplicationRole(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "create-replication-role";
    }

    @Override
    public String title() {
        return "Make a replication role with a random password on the source";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        String role = links(context).names().role();
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            return ReplicationRole.exists(source, role)
                    ? Observation.done("role", role)
                    : Observation.todo("the role " + role + " is not there");
        }
    }

    @Override
    public void apply(StepContext context) throws Exception {
        Links links = links(context);
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            ReplicationRole.ensure(
                    source, links.names().role(), links.password(), world.databases());
        }
    }

    @Override
    public void undo(StepContext context) throws Exception {
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            ReplicationRole.drop(source, links(context).names().role(), world.databases());
        }
    }

    private Links links(StepContext context) {
        return new Links(world, context.migrationUid(), id());
    }
}
