package dev.switchback.steps.fence;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.steps.Course;
import dev.switchback.steps.World;

/** On the way back: makes the target unwritable to applications, superusers included. */
public final class FenceTarget implements Step {
    public static final String ID = "fence-target";

    /** Start of the evidence names that hold what was there before, for who lowers it. */
    static final String BEFORE = "before.";

    private final FenceWork work;

    public FenceTarget(World world) {
        this.work = new FenceWork(world, Course.BACK, ID);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Fence the target against every write";
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
        context.evidence(context.captured().prefixed(BEFORE));
        work.raise(context);
    }

    @Override
    public void undo(StepContext context) {
        work.lower(context.captured().values());
    }
}
