package dev.switchback.steps.cleanup;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.World;
import java.time.Duration;

/** Last of all: superuser access of the target as it was found. */
public final class CloseTargetSuperuser implements Step {
    private static final String FACT = "enableSuperuserAccess";

    private final World world;
    private final Facts captured;

    /**
     * @param captured by {@code enable-target-superuser}; nothing when it was on before
     */
    public CloseTargetSuperuser(World world, Facts captured) {
        this.world = world;
        this.captured = captured;
    }

    @Override
    public String id() {
        return "close-target-superuser";
    }

    @Override
    public String title() {
        return "Put superuser access of the target back";
    }

    @Override
    public Duration deadline() {
        return Duration.ofMinutes(2);
    }

    @Override
    public Observation observe(StepContext context) {
        String now = world.target().superuserAccessAsWritten();
        return captured.get(FACT).filter(before -> !before.equals(now)).isPresent()
                ? Observation.todo("enableSuperuserAccess is " + now)
                : Observation.done(FACT, now.isEmpty() ? "not set" : now);
    }

    @Override
    public void apply(StepContext context) {
        world.target().setSuperuserAccess(captured.require(FACT));
    }
}
