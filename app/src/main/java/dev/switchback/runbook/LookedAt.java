package dev.switchback.runbook;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Checks that were all looked at just before the run began: the run journals what was seen instead
 * of looking at once again. After {@link #FRESH}, or when a check did not pass, it looks itself.
 */
final class LookedAt {
    /** Long enough to take the lock and begin; nothing that a check sees is older than this. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private LookedAt() {}

    /**
     * @param results of {@link Checks#run} on the same runbook
     * @param at when they were begun, by {@link System#nanoTime}
     */
    static Runbook of(Runbook runbook, List<Checks.Result> results, long at) {
        Map<String, Checks.Result> passed =
                results.stream()
                        .filter(r -> r.problems().isEmpty())
                        .collect(Collectors.toMap(r -> r.step().id(), r -> r));
        return runbook.withSteps(step -> seen(step, passed, at));
    }

    private static Step seen(Step step, Map<String, Checks.Result> passed, long at) {
        Checks.Result result = passed.get(step.id());
        return result == null ? step : new Seen(step, result, at);
    }

    /** Only checks are wrapped, and they neither capture nor apply nor undo. */
    private record Seen(Step step, Checks.Result result, long at) implements Step {
        @Override
        public String id() {
            return step.id();
        }

        @Override
        public String title() {
            return step.title();
        }

        @Override
        public boolean acts() {
            return false;
        }

        @Override
        public Observation observe(StepContext context) throws Exception {
            return System.nanoTime() - at < FRESH.toNanos()
                    ? new Observation.Done(result.evidence(), result.findings())
                    : step.observe(context);
        }
    }
}
