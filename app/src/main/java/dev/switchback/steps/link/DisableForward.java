package dev.switchback.steps.link;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.link.Fenced;
import dev.switchback.link.Link;
import dev.switchback.link.Subscription;
import dev.switchback.steps.World;
import java.util.Optional;

/**
 * Stops the target from following once everything has arrived. Only disabled: when the cutover is
 * put back it follows again from where it was, and the next try starts from a whole link.
 */
public final class DisableForward implements Step {
    private final World world;

    public DisableForward(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "disable-forward";
    }

    @Override
    public String title() {
        return "Stop the target from following";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.RELEASE_FIRST;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        for (Link link : new Links(world, context.migrationUid(), id()).forward()) {
            Optional<Subscription.State> state = link.status().subscription();
            if (state.isPresent() && (state.get().enabled() || state.get().worker() != null)) {
                return Observation.todo(link.database() + " still follows");
            }
        }
        return Observation.done("forward", "disabled");
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (Link link : new Links(world, context.migrationUid(), id()).forward()) {
            link.disable(Fenced.NO);
        }
    }

    @Override
    public void undo(StepContext context) throws Exception {
        for (Link link : new Links(world, context.migrationUid(), id()).forward()) {
            if (link.isSubscribed()) {
                link.enable(Fenced.NO);
            }
        }
    }
}
