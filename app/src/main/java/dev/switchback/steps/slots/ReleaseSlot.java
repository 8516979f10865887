package dev.switchback.steps.slots;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.World;

/** Has Patroni forget the slots that {@link ProtectSlot} declared, once the target serves. */
public final class ReleaseSlot implements Step {
    private static final String DONE = "declared";

    private final World world;

    public ReleaseSlot(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "release-slot";
    }

    @Override
    public String title() {
        return "Have Patroni forget the slots";
    }

    @Override
    public Observation observe(StepContext context) {
        if (ProtectSlot.before(context).isEmpty()
                || context.evidenceOf(id()).flatMap(f -> f.get(DONE)).isPresent()) {
            return Observation.done(DONE, "no");
        }
        return Observation.todo("Patroni still keeps them");
    }

    @Override
    public void apply(StepContext context) throws Exception {
        ProtectSlot.forget(world, context);
        context.evidence(DONE, "no");
    }
}
