package dev.switchback.steps.fence;

import dev.switchback.engine.Guard;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.fence.Fence;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.util.Optional;

/** The fence stands: every second one look at its triggers and locks. */
public final class FenceGuard implements Guard {
    private final World world;
    private final String until;

    public FenceGuard(World world, String until) {
        this.world = world;
        this.until = until;
    }

    @Override
    public String id() {
        return "fence-stands";
    }

    @Override
    public String from() {
        return FenceSource.ID;
    }

    @Override
    public String until() {
        return until;
    }

    /**
     * A run that resumes behind the fence has lost its locks with the process before: it takes them
     * again.
     */
    @Override
    public void arm(StepContext context) throws InterruptedException {
        if (world.sessions().fence().isEmpty()) {
            Fence fence = FenceSource.fence(world);
            fence.hold(new Stops(context));
            world.sessions().hold(fence);
        }
    }

    @Override
    public Optional<Problem> observe(StepContext context) {
        return world.sessions()
                .fence()
                .orElseThrow(() -> new IllegalStateException("the guard was not armed"))
                .check();
    }
}
