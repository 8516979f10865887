package dev.switchback.steps.proof;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.pg.PinnedSnapshot;
import dev.switchback.steps.HeldSessions;
import dev.switchback.steps.World;

/**
 * Pins one snapshot of each database on both sides while neither can be written, so that their
 * content can be compared after the service is back. The snapshots die with this process.
 */
public final class PinSnapshots implements Step {
    public static final String ID = "pin-snapshots";

    private final World world;

    public PinSnapshots(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Pin a snapshot of every database on both sides";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.RELEASE;
    }

    @Override
    public Observation observe(StepContext context) {
        for (String database : world.databases()) {
            if (world.sessions().pinned(database).filter(HeldSessions.Pair::alive).isEmpty()) {
                return Observation.todo("no snapshots of " + database + " in this process");
            }
        }
        return Observation.done("databases", String.join(",", world.databases()));
    }

    @Override
    public void apply(StepContext context) {
        for (String database : world.databases()) {
            world.sessions()
                    .pin(
                            database,
                            new HeldSessions.Pair(
                                    PinnedSnapshot.open(world.source(database, ID)),
                                    PinnedSnapshot.open(world.target(database, ID))));
        }
    }

    @Override
    public void undo(StepContext context) {
        world.sessions().unpin();
    }
}
