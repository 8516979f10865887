package dev.switchback.notify;

import dev.switchback.engine.Boundary;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.LiveSide;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Told;
import dev.switchback.estimate.Prediction;
import dev.switchback.estimate.Span;
import dev.switchback.spec.Migration;
import dev.switchback.spec.Placeholder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a migration at one moment, from its document and its journal.
 *
 * @param downtime so far, or all of it once it is over; empty before it
 * @param predicted the downtime that is expected; empty before it was predicted
 * @param predictedEnd when it ends by the upper end of the prediction; empty once it is over
 * @param rollback what going back would cost, as {@code status} says it
 * @param issues what steps warned of and hooks failed at
 */
record Situation(
        Migration migration,
        JournalState state,
        String runId,
        Instant now,
        String moment,
        String phase,
        String step,
        Optional<Duration> downtime,
        Optional<Span> predicted,
        Optional<Instant> predictedEnd,
        String rollback,
        String result,
        String reason,
        List<String> issues) {

    /** Where the prediction is journalled. */
    private static final String PREDICTED = "predict-durations";

    /** How the validation journals its lines of success: {@code yes | line | evidence}. */
    private static final String SUCCESS = "success.";

    Situation {
        issues = List.copyOf(issues);
    }

    /**
     * @param boundary where the run is
     * @param moment which of the moments there it is told of
     */
    static Situation of(
            Migration migration,
            JournalState state,
            Runbook book,
            String runId,
            Instant now,
            Boundary boundary,
            String moment,
            String rollback) {
        Times times = Times.of(state, book, now);
        Optional<Span> predicted =
                state.step(PREDICTED)
                        .flatMap(r -> Prediction.parse(r.evidence().values()))
                        .map(Prediction::downtime);
        boolean begins = boundary.is(Boundary.Kind.BEFORE_PHASE, Phase.CUTOVER);
        Optional<Instant> from =
                times.over()
                        ? Optional.empty()
                        : times.from().or(() -> begins ? Optional.of(now) : migration.cutoverAt());
        return new Situation(
                migration,
                state,
                runId,
                now,
                moment,
                boundary.phase().map(Phase::word).orElseGet(() -> phase(state, book)),
                step(state, book),
                times.length(now),
                predicted,
                from.flatMap(f -> predicted.map(p -> f.plusMillis((long) (p.high() * 1000)))),
                rollback,
                boundary.result(),
                boundary.reason(),
                issues(state));
    }

    Situation withIssues(List<String> other) {
        return new Situation(
                migration,
                state,
                runId,
                now,
                moment,
                phase,
                step,
                downtime,
                predicted,
                predictedEnd,
                rollback,
                result,
                reason,
                other);
    }

    /** The downtime by the journal's clock: of the steps of a runbook that take service away. */
    private record Times(Optional<Instant> from, Optional<Instant> until) {
        static Times of(JournalState state, Runbook book, Instant now) {
            List<String> ids =
                    book.entries().stream()
                            .filter(e -> e.step().inDowntime())
                            .map(e -> e.step().id())
                            .toList();
            List<StepRecord> records =
                    state.steps().stream()
                            .filter(r -> ids.contains(r.id()) && r.attempt() == state.attempt())
                            .toList();
            Optional<Instant> from =
                    records.stream().map(StepRecord::startedAt).min(Instant::compareTo);
            boolean over =
                    !ids.isEmpty()
                            && ids.stream()
                                    .allMatch(id ->
                                            records.stream()
                                                    .anyMatch(r ->
                                                            r.id().equals(id)
                                                                    && r.finishedAt() != null
                                                                    && r.state()
                                                                            == StepState.DONE));
            Optional<Instant> until =
                    over
                            ? records.stream()
                                    .map(r -> r.finishedAt() == null ? now : r.finishedAt())
                                    .max(Instant::compareTo)
                            : Optional.empty();
            return new Times(from, until);
        }

        boolean over() {
            return until.isPresent();
        }

        Optional<Duration> length(Instant now) {
            return from.map(f -> Duration.between(f, until.orElse(now)));
        }
    }

    private static String step(JournalState state, Runbook book) {
        return book.entries().stream()
                .map(e -> e.step().id())
                .filter(id -> in(state, id, StepState.INTENT))
                .findFirst()
                .orElse("");
    }

    private static String phase(JournalState state, Runbook book) {
        return book.entries().stream()
                .filter(e -> !in(state, e.step().id(), StepState.DONE))
                .map(e -> e.phase().word())
                .findFirst()
                .orElse("");
    }

    private static boolean in(JournalState state, String id, StepState as) {
        return state.step(id)
                .filter(r -> r.attempt() == state.attempt() && r.state() == as)
                .isPresent();
    }

    private static List<String> issues(JournalState state) {
        List<String> issues = new ArrayList<>();
        for (StepRecord record : state.steps()) {
            if (record.attempt() == state.attempt()) {
                for (String word : List.of("warn", "overridden")) {
                    record.evidence()
                            .get(word)
                            .ifPresent(text -> issues.add(record.id() + ": " + text));
                }
                record.evidence().under(SUCCESS).values().values().stream()
                        .filter(line -> !line.startsWith("yes"))
                        .forEach(issues::add);
            }
        }
        for (Told told : state.tellings()) {
            if (told.attempt() == state.attempt() && told.result().startsWith(Telling.FAILED)) {
                issues.add(told.what() + " " + told.result());
            }
        }
        return issues;
    }

    /** By the names that templates and hooks know; what there is nothing of is empty. */
    Map<Placeholder, String> words() {
        Map<Placeholder, String> words = new EnumMap<>(Placeholder.class);
        for (Placeholder name : Placeholder.values()) {
            words.put(name, word(name));
        }
        return words;
    }

    private String word(Placeholder name) {
        return switch (name) {
            case MIGRATION -> migration.name();
            case NAMESPACE -> migration.namespace();
            case MOMENT -> moment;
            case PHASE -> phase;
            case STEP -> step;
            case ATTEMPT -> String.valueOf(state.attempt());
            case RUN -> runId;
            case STRATEGY -> migration.strategy().word();
            case SOURCE -> migration.source().toString();
            case TARGET -> migration.target().toString();
            case LIVE_SIDE -> LiveSide.of(state);
            case NOW -> utc(now);
            case CUTOVER_AT -> migration.cutoverAt().map(Situation::utc).orElse("");
            case PREDICTED_DOWNTIME -> predicted.map(Span::words).orElse("");
            case PREDICTED_END -> predictedEnd.map(Situation::utc).orElse("");
            case DOWNTIME -> downtime.map(Span::words).orElse("");
            case RESULT -> result;
            case REASON -> reason;
            case ROLLBACK -> rollback;
            case ISSUES -> issues.isEmpty() ? "none" : String.join("; ", issues);
        };
    }

    private static String utc(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
