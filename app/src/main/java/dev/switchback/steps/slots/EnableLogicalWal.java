package dev.switchback.steps.slots;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.steps.World;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes the source write what a logical slot needs. The operator restarts PostgreSQL on every
 * member for it, replicas first, the leader last: seconds without service each, no failover. {@code
 * abort} goes back the same way, but only when no logical slot is left on any member: PostgreSQL
 * does not start with a lower level and one of them.
 */
public final class EnableLogicalWal implements Step {
    /** A restart waits for the shutdown checkpoint, and the operator takes one member at a time. */
    private static final Duration RESTARTS = WalLevel.RESTARTS;

    private static final String LOGICAL = "logical";

    private final World world;
    private final WalLevel level;

    public EnableLogicalWal(World world) {
        this.world = world;
        this.level = new WalLevel(world, id());
    }

    @Override
    public String id() {
        return "enable-logical-wal";
    }

    @Override
    public String title() {
        return "Make the source write logical WAL";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Duration deadline() {
        return RESTARTS;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Optional<String> contrary = world.source().enableLogical().contrary();
        if (contrary.isPresent()) {
            return Observation.todo(
                    world.source().display() + " asks for wal_level " + contrary.get());
        }
        return level.unsettled(LOGICAL)
                .map(Observation::todo)
                .orElseGet(() -> Observation.done("walLevel", LOGICAL));
    }

    @Override
    public Facts capture(StepContext context) throws SQLException {
        return new Facts(world.source().enableLogical().capture(level.served()));
    }

    @Override
    public void apply(StepContext context) throws SQLException {
        if (level.served().equals(LOGICAL) && world.source().enableLogical().contrary().isEmpty()) {
            return; // it was so, or a run before us asked for it: only the waiting is left
        }
        context.note(
                "the operator restarts PostgreSQL on every member of "
                        + world.source().display()
                        + " for wal_level=logical, the leader last: seconds without service each");
        world.source().enableLogical().enable();
    }

    @Override
    public void undo(StepContext context) throws Exception {
        level.goBack(context, context.captured());
    }
}
