package dev.switchback.steps.writers;

import dev.switchback.engine.Guard;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Nobody starts a writer while the databases are switched: an autoscaler or a GitOps controller
 * would.
 */
public final class WritersGuard implements Guard {
    private final World world;
    private final String until;

    public WritersGuard(World world, String until) {
        this.world = world;
        this.until = until;
    }

    @Override
    public String id() {
        return "writers-stay-stopped";
    }

    @Override
    public String from() {
        return StopWriters.ID;
    }

    @Override
    public String until() {
        return until;
    }

    /**
     * Applying files under Git may start the writers again, because manifests often say how many:
     * while that step is under way it stops them itself, and is not done before they are gone. The
     * fence and the target's closed roles, each under a guard of its own, keep them from writing.
     */
    private boolean leftToTheSwitch(StepContext context) {
        return !world.migration().endpoints().files().isEmpty()
                && context.underWay("switch-endpoints");
    }

    @Override
    public Optional<Problem> observe(StepContext context) {
        if (leftToTheSwitch(context)) {
            return Optional.empty();
        }
        List<String> found = new ArrayList<>(world.writers().askedToRun());
        found.addAll(world.writers().pods());
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Problem(
                                Code.WRITERS_NOT_STOPPED,
                                world.migration().namespace(),
                                "somebody started a writer during the cutover: "
                                        + String.join(", ", found),
                                "suspend the autoscaler or GitOps controller that did, and run migrate again"));
    }
}
