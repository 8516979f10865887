package dev.switchback.steps.link;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.link.Direction;
import dev.switchback.link.Link;
import dev.switchback.link.Subscription;
import dev.switchback.steps.World;
import java.util.List;
import java.util.Optional;

/**
 * Stops one side from following once everything has arrived. Only disabled: when the cutover, or
 * the way back, is taken back, it follows again from where it was, and the next try starts from a
 * whole link.
 */
public final class DisableLink implements Step {
    private final World world;
    private final Direction direction;

    private DisableLink(World world, Direction direction) {
        this.world = world;
        this.direction = direction;
    }

    public static DisableLink forward(World world) {
        return new DisableLink(world, Direction.FORWARD);
    }

    /** On the way back. */
    public static DisableLink reverse(World world) {
        return new DisableLink(world, Direction.REVERSE);
    }

    @Override
    public String id() {
        return direction == Direction.FORWARD ? "disable-forward" : "disable-reverse";
    }

    @Override
    public String title() {
        return direction == Direction.FORWARD
                ? "Stop the target from following"
                : "Stop the source from following";
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
        for (Link link : links(context)) {
            Optional<Subscription.State> state = link.subscription();
            if (state.isPresent() && (state.get().enabled() || state.get().worker() != null)) {
                return Observation.todo(link.database() + " still follows");
            }
        }
        return Observation.done("link", "disabled");
    }

    @Override
    public void apply(StepContext context) throws Exception {
        for (Link link : links(context)) {
            link.disable(Links.FENCED);
        }
    }

    @Override
    public void undo(StepContext context) throws Exception {
        for (Link link : links(context)) {
            if (link.isSubscribed()) {
                link.enable(Links.FENCED);
            }
        }
    }

    private List<Link> links(StepContext context) {
        return new Links(world, context.migrationUid(), id()).of(direction);
    }
}
