package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import java.time.Duration;

/** A real step that does something else, or something more, when it acts. */
record AlteredStep(Step step, Duration deadline, Act act) implements Step {
    interface Act {
        void instead(Step real, StepContext context) throws Exception;
    }

    /** Acts, then does this and waits until somebody ends it; fails when nobody does in time. */
    static AlteredStep thenHangs(Step step, Runnable event, Duration atMost) {
        return new AlteredStep(
                step,
                step.deadline(),
                (real, context) -> {
                    real.apply(context);
                    event.run();
                    long end = System.nanoTime() + atMost.toNanos();
                    while (System.nanoTime() < end) {
                        context.checkpoint();
                        Thread.sleep(10);
                    }
                    throw new AssertionError("nobody stopped it within " + atMost);
                });
    }

    /** Acts, then takes this much longer. */
    static AlteredStep thenLingers(Step step, Duration longer) {
        return new AlteredStep(
                step,
                step.deadline(),
                (real, context) -> {
                    real.apply(context);
                    long end = System.nanoTime() + longer.toNanos();
                    while (System.nanoTime() < end) {
                        context.checkpoint();
                        Thread.sleep(20);
                    }
                });
    }

    /** Does nothing, and its effect is waited for only so long. */
    static AlteredStep idle(Step step, Duration deadline) {
        return new AlteredStep(step, deadline, (real, context) -> {});
    }

    @Override
    public String id() {
        return step.id();
    }

    @Override
    public String title() {
        return step.title();
    }

    @Override
    public boolean inDowntime() {
        return step.inDowntime();
    }

    @Override
    public boolean acts() {
        return step.acts();
    }

    @Override
    public UndoAt undoAt() {
        return step.undoAt();
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        return step.observe(context);
    }

    @Override
    public Facts capture(StepContext context) throws Exception {
        return step.capture(context);
    }

    @Override
    public void apply(StepContext context) throws Exception {
        act.instead(step, context);
    }

    @Override
    public void undo(StepContext context) throws Exception {
        step.undo(context);
    }
}
