package dev.switchback.steps.fence;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.Course;
import dev.switchback.steps.World;

/**
 * After the way back: takes the target's fence down. Its application roles cannot log in any more,
 * and the next try makes its databases empty.
 */
public final class LowerTargetFence implements Step {
    private final World world;
    private final FenceWork work;

    public LowerTargetFence(World world) {
        this.world = world;
        this.work = new FenceWork(world, Course.BACK, FenceTarget.ID);
    }

    @Override
    public String id() {
        return "lower-target-fence";
    }

    @Override
    public String title() {
        return "Lower the target's fence";
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        for (String database : world.databases()) {
            if (work.triggersLeft(database, id())) {
                return Observation.todo(database + " is still fenced");
            }
        }
        return Observation.done("fence", "down");
    }

    @Override
    public void apply(StepContext context) {
        work.lower(
                context.evidenceOf(FenceTarget.ID)
                        .orElse(Facts.NONE)
                        .under(FenceTarget.BEFORE)
                        .values());
    }
}
