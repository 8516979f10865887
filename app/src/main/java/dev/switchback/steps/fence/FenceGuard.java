package dev.switchback.steps.fence;

import dev.switchback.engine.Guard;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.fence.Fence;
import dev.switchback.steps.Course;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import java.util.Optional;

/** The fence stands: every second one look at its triggers and locks. */
public final class FenceGuard implements Guard {
    private final World world;
    private final Course course;
    private final String until;

    private FenceGuard(World world, Course course, String until) {
        this.world = world;
        this.course = course;
        this.until = until;
    }

    public static FenceGuard ofSource(World world, String until) {
        return new FenceGuard(world, Course.FORTH, until);
    }

    /** On the way back. */
    public static FenceGuard ofTarget(World world, String until) {
        return new FenceGuard(world, Course.BACK, until);
    }

    @Override
    public String id() {
        return course.id("fence-stands", "target-fence-stands");
    }

    @Override
    public String from() {
        return course.id(FenceSource.ID, FenceTarget.ID);
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
            Fence fence = new FenceWork(world, course, from()).fence();
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
