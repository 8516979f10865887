package dev.switchback.steps.fence;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.steps.Course;
import dev.switchback.steps.World;

/** Makes the source unwritable to applications, superusers included, and journals the proof. */
public final class FenceSource implements Step {
    public static final String ID = "fence-source";

    /** The fact that says when it was begun: from then on writers may have been refused. */
    public static final String BEGAN = "began";

    private final FenceWork work;

    public FenceSource(World world) {
        this.work = new FenceWork(world, Course.FORTH, ID);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Fence the source against every write";
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
    public Observation observe(StepContext context) {
        return work.observe();
    }

    @Override
    public Facts capture(StepContext context) {
        return work.capture();
    }

    @Override
    public void apply(StepContext context) throws InterruptedException {
        work.raise(context);
    }

    @Override
    public void undo(StepContext context) {
        work.lower(context.captured().values());
    }
}
