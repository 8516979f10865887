package dev.switchback.steps.timing;

import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.notify.Moments;
import dev.switchback.notify.Readiness;
import dev.switchback.spec.Announce;
import dev.switchback.spec.Hook;
import dev.switchback.spec.OnFailure;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Who is to be told can be told: the Secrets with their keys, the host names, the hooks' programs.
 * Nothing is sent and no hook is called.
 */
public final class CheckAnnouncements extends Check {
    private final Supplier<Runbook> runbook;

    /**
     * @param runbook the one that this check stands in
     */
    public CheckAnnouncements(World world, Supplier<Runbook> runbook) {
        super(
                world,
                Chapter.TIMING,
                "check-announcements",
                "Check that announcements and hooks can be delivered");
        this.runbook = runbook;
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        Announce announce = world.migration().announce();
        findings.saw("destinations", String.valueOf(announce.to().size()));
        findings.saw("hooks", String.valueOf(world.migration().hooks().size()));
        Readiness readiness = new Readiness(world.migration(), world.kube());
        for (Announce.Destination to : announce.to()) {
            readiness.of(to).ifPresent(p -> weigh(p, announce.onFailure(), findings));
        }
        for (Hook hook : world.migration().hooks()) {
            readiness.of(hook).ifPresent(p -> weigh(p, hook.onFailure(), findings));
            neverCalled(hook, findings);
        }
    }

    private static void weigh(Problem problem, OnFailure onFailure, Findings findings) {
        switch (onFailure) {
            case WARN -> findings.warn(problem);
            case BLOCK -> findings.block(problem);
        }
    }

    private void neverCalled(Hook hook, Findings findings) {
        boolean called =
                Moments.phase(hook.at())
                        .map(phase -> phases().anyMatch(phase::equals))
                        .orElse(true);
        if (!called) {
            findings.warn(
                    new Problem(
                            Code.NEVER_CALLED,
                            "spec." + hook.name(),
                            "strategy "
                                    + world.migration().strategy().word()
                                    + " has no such phase: "
                                    + hook.at().word()
                                    + " is never called",
                            "name another moment, or remove the hook"));
        }
    }

    /** Cleaning up is a command of its own. */
    private Stream<Phase> phases() {
        return Stream.concat(
                runbook.get().entries().stream().map(Runbook.Entry::phase),
                Stream.of(Phase.CLEANUP));
    }
}
