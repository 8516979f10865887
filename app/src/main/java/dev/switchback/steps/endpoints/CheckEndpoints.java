package dev.switchback.steps.endpoints;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.steps.World;
import java.util.List;

/** Every place where a writer learns its database exists and names a Service of the map. */
public final class CheckEndpoints implements Step {
    private final World world;

    public CheckEndpoints(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "check-endpoints";
    }

    @Override
    public String title() {
        return "Find every endpoint of the document";
    }

    @Override
    public Observation observe(StepContext context) {
        List<Problem> missing = world.endpoints().missing();
        return missing.isEmpty()
                ? Observation.done("changes", String.valueOf(world.endpoints().pending().size()))
                : new Observation.Impossible(missing);
    }

    @Override
    public boolean acts() {
        return false;
    }
}
