package dev.switchback.steps.writers;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Sets every writer back to what it was when it was stopped and waits until all are ready. */
public final class StartWriters implements Step {
    public static final String ID = "start-writers";

    private final World world;
    private final String id;
    private final String stoppedBy;

    private StartWriters(World world, String id, String stoppedBy) {
        this.world = world;
        this.id = id;
        this.stoppedBy = stoppedBy;
    }

    public StartWriters(World world) {
        this(world, ID, StopWriters.ID);
    }

    /** The same step on the way back. */
    public static StartWriters onTheWayBack(World world) {
        return new StartWriters(world, "return-start-writers", StopWriters.RETURN_ID);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return "Start the writers as they were";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Duration deadline() {
        return world.migration().budgets().startWriters();
    }

    @Override
    public Observation observe(StepContext context) {
        Map<String, String> captured = settings(context).values();
        List<String> waiting = world.writers().notServing(captured);
        return waiting.isEmpty()
                ? Observation.done(new Facts(captured))
                : Observation.todo(waiting.getFirst());
    }

    @Override
    public void apply(StepContext context) {
        world.writers().restore(settings(context).values());
    }

    private Facts settings(StepContext context) {
        return context.evidenceOf(stoppedBy)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "the writers were never stopped in this attempt"));
    }
}
