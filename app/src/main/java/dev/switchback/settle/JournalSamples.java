package dev.switchback.settle;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Runbook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where a migration stands, as samples: from its journal alone. */
public final class JournalSamples {
    private JournalSamples() {}

    /**
     * @param runbooks those whose steps the journal may hold, the forward one first
     * @param now until when something under way has lasted
     */
    public static List<Sample> of(JournalState state, List<Runbook> runbooks, Instant now) {
        List<Sample> samples = new ArrayList<>();
        samples.add(
                Sample.of(
                        Metric.MIGRATION_STATUS,
                        1,
                        "",
                        "status",
                        state.status().name().toLowerCase(Locale.ROOT)));
        samples.add(Sample.of(Metric.MIGRATION_ATTEMPT, state.attempt(), ""));
        samples.add(
                Sample.of(
                        Metric.MIGRATION_STEPS_DONE,
                        state.steps().stream().filter(s -> s.state() == StepState.DONE).count(),
                        ""));
        samples.add(Sample.of(Metric.MIGRATION_STEPS, runbooks.getFirst().entries().size(), ""));
        for (StepRecord step : state.steps()) {
            if (step.state() == StepState.INTENT) {
                String phase =
                        runbooks.stream()
                                .flatMap(r -> r.entry(step.id()).stream())
                                .findFirst()
                                .map(e -> e.phase().word())
                                .orElse("");
                samples.add(
                        Sample.of(Metric.MIGRATION_STEP, 1, "", "step", step.id(), "phase", phase));
            }
        }
        lasted(state, "fence-source", "open-target", now)
                .ifPresent(
                        s -> samples.add(Sample.of(Metric.MIGRATION_WRITE_PAUSE_SECONDS, s, "")));
        lasted(state, "stop-writers", "start-writers", now)
                .ifPresent(s -> samples.add(Sample.of(Metric.MIGRATION_DOWNTIME_SECONDS, s, "")));
        return samples;
    }

    /** Seconds from one step's beginning to another's end, or until now. */
    private static Optional<Double> lasted(
            JournalState state, String from, String until, Instant now) {
        return state.step(from)
                .filter(s -> s.state() != StepState.UNDONE)
                .map(s -> {
                    Instant end = state.step(until).map(StepRecord::finishedAt).orElse(now);
                    return Duration.between(s.startedAt(), end).toMillis() / 1e3;
                });
    }
}
