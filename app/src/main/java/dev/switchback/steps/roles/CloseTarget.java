package dev.switchback.steps.roles;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.World;

/**
 * On the way back: takes the right to log in away from the application's roles on the target, and
 * ends their sessions.
 */
public final class CloseTarget implements Step {
    private final World world;

    public CloseTarget(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "close-target";
    }

    @Override
    public String title() {
        return "Close the target to the applications";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        try (Carried carried = Carried.open(world, id())) {
            return carried.transfer().closed(carried.target(), carried.plan())
                    ? Observation.done("roles", String.join(",", carried.plan().names()))
                    : Observation.todo("some roles can still log in");
        }
    }

    @Override
    public void apply(StepContext context) throws Exception {
        try (Carried carried = Carried.open(world, id())) {
            carried.transfer().close(carried.target(), carried.plan());
        }
    }
}
