package dev.switchback.steps.roles;

import dev.switchback.engine.Guard;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.World;
import java.time.Duration;
import java.util.Optional;

/**
 * No application role can log in on the target until the commit point: an operator that manages
 * roles would open them.
 */
public final class TargetClosedGuard implements Guard {
    private final World world;
    private final String until;

    public TargetClosedGuard(World world, String until) {
        this.world = world;
        this.until = until;
    }

    @Override
    public String id() {
        return "target-stays-closed";
    }

    @Override
    public String from() {
        return CopyRolesClosed.ID;
    }

    @Override
    public String until() {
        return until;
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(3);
    }

    /** The source says which roles there are; it may elect a leader meanwhile. */
    @Override
    public Duration patience() {
        return Duration.ofSeconds(90);
    }

    @Override
    public Optional<Problem> observe(StepContext context) throws Exception {
        if (context.underWay(until)) {
            return Optional.empty(); // being opened on purpose, and not journalled yet
        }
        try (Carried carried = Carried.open(world, id())) {
            return carried.transfer().closed(carried.target(), carried.plan())
                    ? Optional.empty()
                    : Optional.of(
                            new Problem(
                                    Code.GUARD_BROKEN,
                                    world.target().display(),
                                    "an application role can log in before the commit point",
                                    "take it out of spec.managed.roles or DatabaseRole, or set login: false there"));
        }
    }
}
