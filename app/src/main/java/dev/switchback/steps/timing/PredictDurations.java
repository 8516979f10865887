package dev.switchback.steps.timing;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.World;
import java.util.function.Supplier;

/**
 * Journals what every step is expected to take, before anything is changed, so that the report can
 * put reality beside it.
 */
public final class PredictDurations implements Step {
    public static final String ID = "predict-durations";

    private final World world;
    private final Supplier<Runbook> runbook;

    /**
     * @param runbook the one that this step stands in
     */
    public PredictDurations(World world, Supplier<Runbook> runbook) {
        this.world = world;
        this.runbook = runbook;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "Predict how long each step will take";
    }

    @Override
    public boolean acts() {
        return false;
    }

    @Override
    public Observation observe(StepContext context) {
        return Observation.done(new Facts(Forecast.of(world, runbook.get()).facts()));
    }
}
