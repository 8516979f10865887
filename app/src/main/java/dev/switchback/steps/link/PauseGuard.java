package dev.switchback.steps.link;

import dev.switchback.engine.Guard;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.World;
import dev.switchback.steps.fence.FenceSource;
import dev.switchback.steps.roles.OpenTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The pause keeps its budget: from the moment the fence was begun until the target opens. Counted
 * by the journal, so that a run that resumes inside does not begin to count anew.
 */
public final class PauseGuard implements Guard {
    private final World world;

    public PauseGuard(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "pause-in-budget";
    }

    @Override
    public String from() {
        return FenceSource.ID;
    }

    @Override
    public String until() {
        return OpenTarget.ID;
    }

    @Override
    public Duration every() {
        return Duration.ofMillis(250);
    }

    @Override
    public Optional<Problem> observe(StepContext context) {
        Duration budget = world.migration().budgets().writePause();
        Instant began =
                context.evidenceOf(FenceSource.ID)
                        .flatMap(f -> f.get(FenceSource.BEGAN))
                        .map(Instant::parse)
                        .orElseGet(Instant::now);
        Duration pause = Duration.between(began, Instant.now());
        return pause.compareTo(budget) <= 0
                ? Optional.empty()
                : Optional.of(
                        new Problem(
                                Code.PAUSE_OVER_BUDGET,
                                world.source().display(),
                                "nobody can write since "
                                        + pause.toSeconds()
                                        + " s, the budget is "
                                        + budget.toSeconds()
                                        + " s",
                                "read which step took long; run again, or set spec.budgets.writePause higher"));
    }
}
