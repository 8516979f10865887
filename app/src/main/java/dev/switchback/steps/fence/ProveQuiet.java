package dev.switchback.steps.fence;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.fence.Fence;
import dev.switchback.steps.Course;
import dev.switchback.steps.World;
import java.util.List;

/**
 * Proof before a commit point: row counters, sequences and large objects of the fenced side are
 * what they were at the fence's barrier, no older session and no prepared transaction is left.
 */
public final class ProveQuiet implements Step {
    private final FenceWork work;
    private final Course course;

    private ProveQuiet(World world, Course course, String fence) {
        this.work = new FenceWork(world, course, fence);
        this.course = course;
    }

    public static ProveQuiet ofSource(World world) {
        return new ProveQuiet(world, Course.FORTH, FenceSource.ID);
    }

    /** On the way back. */
    public static ProveQuiet ofTarget(World world) {
        return new ProveQuiet(world, Course.BACK, FenceTarget.ID);
    }

    @Override
    public String id() {
        return course.id("prove-source-quiet", "prove-target-quiet");
    }

    @Override
    public String title() {
        return course == Course.FORTH
                ? "Prove that nothing changed on the source since the fence"
                : "Prove that nothing changed on the target since its fence";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        String fenceStep = course.id(FenceSource.ID, FenceTarget.ID);
        if (context.evidenceOf(fenceStep).orElse(Facts.NONE).values().isEmpty()) {
            return Observation.todo("not fenced yet");
        }
        try (Fence fence = work.fence()) {
            List<Problem> changes = work.changes(context, fence);
            return changes.isEmpty()
                    ? Observation.done("changesSinceFence", "0")
                    : new Observation.Impossible(changes);
        }
    }

    @Override
    public boolean acts() {
        return false;
    }
}
