package dev.switchback.steps.cleanup;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Access;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;

/** We may delete what cleanup deletes; the Role for migrating does not allow it. */
public final class CheckCleanupRights extends Check {
    private final boolean deletesSource;

    public CheckCleanupRights(World world, boolean deletesSource) {
        super(
                world,
                Chapter.CLEANUP,
                "check-cleanup-rights",
                "We may delete what is to be deleted");
        this.deletesSource = deletesSource;
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        for (Problem problem :
                Access.missingForCleanup(
                        world.kube(), world.migration().namespace(), deletesSource)) {
            findings.fail(problem);
        }
    }
}
