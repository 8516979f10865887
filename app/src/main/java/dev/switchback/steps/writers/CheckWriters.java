package dev.switchback.steps.writers;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.World;
import java.util.ArrayList;
import java.util.List;

/** Every declared writer exists. */
public final class CheckWriters implements Step {
    private final World world;

    public CheckWriters(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "check-writers";
    }

    @Override
    public String title() {
        return "Find every writer of the document";
    }

    @Override
    public Observation observe(StepContext context) {
        List<Problem> problems = new ArrayList<>();
        for (WriterRef ref : world.writers().refs()) {
            try {
                world.writers().object(ref);
            } catch (SwitchbackException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            return new Observation.Impossible(problems);
        }
        return Observation.done("writers", String.join(", ", world.writers().settings().keySet()));
    }

    @Override
    public boolean acts() {
        return false;
    }
}
