package dev.switchback.steps.link;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.link.Direction;
import dev.switchback.link.Heartbeat;
import dev.switchback.pg.Pg;
import dev.switchback.steps.World;
import java.sql.Connection;

/**
 * The way back's own commit point: one transaction on the source that says so. Both sides are still
 * closed then. Before it a failure leaves the target serving; after it the source is opened,
 * whatever happens, and {@code open-source} may be begun any number of times.
 */
public final class CommitReturn implements Step {
    public static final String ID = "commit-return";

    private final World world;

    public CommitReturn(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Give the source its place back (commit point of the way back)";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Connection source = Pg.open(first())) {
            return Heartbeat.marked(source, Direction.FORWARD, word(context))
                    ? Observation.done("committed", word(context))
                    : Observation.todo("not committed");
        }
    }

    @Override
    public void apply(StepContext context) throws Exception {
        try (Connection source = Pg.open(first())) {
            Heartbeat.mark(source, Direction.FORWARD, word(context));
        }
    }

    /** One database speaks for all: a commit point is one transaction. */
    private dev.switchback.pg.ConnectionSpec first() {
        return world.source(world.databases().getFirst(), ID);
    }

    private static String word(StepContext context) {
        return "returned-" + context.migrationUid() + "-" + context.attempt();
    }
}
