package dev.switchback.steps.writers;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.steps.World;
import java.time.Duration;
import java.util.List;

/**
 * Sets every writer to run nothing and waits until their last pod is gone: a terminating pod still
 * writes.
 */
public final class StopWriters implements Step {
    public static final String ID = "stop-writers";

    static final String RETURN_ID = "return-stop-writers";

    private final World world;
    private final String id;

    private StopWriters(World world, String id) {
        this.world = world;
        this.id = id;
    }

    public StopWriters(World world) {
        this(world, ID);
    }

    /** The same step on the way back. */
    public static StopWriters onTheWayBack(World world) {
        return new StopWriters(world, RETURN_ID);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return "Stop the writers and wait until their pods are gone";
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
    public Duration deadline() {
        return world.migration().budgets().stopWriters();
    }

    @Override
    public Observation observe(StepContext context) {
        List<String> asked = world.writers().askedToRun();
        if (!asked.isEmpty()) {
            return Observation.todo("still set to run: " + String.join(", ", asked));
        }
        List<String> pods = world.writers().pods();
        if (!pods.isEmpty()) {
            return Observation.todo("pods still there: " + String.join(", ", pods));
        }
        // the evidence tells start-writers how each of them ran before
        boolean oursToTell = !context.captured().values().isEmpty();
        return Observation.done(
                oursToTell ? context.captured() : new Facts(world.writers().settings()));
    }

    @Override
    public Facts capture(StepContext context) {
        return new Facts(world.writers().settings());
    }

    @Override
    public void apply(StepContext context) {
        world.writers().stop();
    }

    @Override
    public void undo(StepContext context) throws InterruptedException {
        world.writers().restore(context.captured().values());
        WritersReady.await(world, context.captured().values(), context);
    }
}
