package dev.switchback.steps.fence;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.fence.Fence;
import dev.switchback.steps.World;
import java.util.List;

/**
 * Proof before the commit point: row counters, sequences and large objects of the source are what
 * they were at the fence's barrier, no older session and no prepared transaction is left.
 */
public final class ProveSourceQuiet implements Step {
    private final World world;

    public ProveSourceQuiet(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "prove-source-quiet";
    }

    @Override
    public String title() {
        return "Prove that nothing changed on the source since the fence";
    }

    @Override
    public boolean inDowntime() {
        return true;
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        Facts evidence = context.evidenceOf(FenceSource.ID).orElse(Facts.NONE);
        if (evidence.values().isEmpty()) {
            return Observation.todo("the source is not fenced yet");
        }
        try (Fence fence = FenceSource.fence(world)) {
            List<Problem> changes = LargeObjectReading.changes(context, fence);
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
