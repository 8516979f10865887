package dev.switchback.diagnose;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.spec.Migration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the migration stands: many a thing is a fault after the switch and normal before it.
 *
 * @param state empty before the first run
 * @param now by the clock of the commands
 */
public record Situation(Migration migration, Optional<JournalState> state, Instant now) {

    /** Whether the target serves, or is meant to. */
    public boolean switched() {
        return state.map(s ->
                        switch (s.status()) {
                            case COMMITTED, COMPLETED, CLEANING, CLEANED, RETURNING, STAYING ->
                                    true;
                            case NEW,
                                    RUNNING,
                                    RELEASING,
                                    RELEASED,
                                    RETURN_COMMITTED,
                                    RETURNED,
                                    ABORTED ->
                                    false;
                        })
                .orElse(false);
    }

    /** Whether a run that the journal names may be at work now. */
    boolean underWay() {
        return state.map(s -> s.run() != null).orElse(false);
    }

    private Optional<StepRecord> done(String step) {
        return state.flatMap(s -> s.step(step).filter(r -> r.attempt() == s.attempt()))
                .filter(r -> r.state() == StepState.DONE);
    }

    /** Done in this attempt and not taken back. */
    boolean isDone(String step) {
        return done(step).isPresent();
    }

    Optional<Instant> doneAt(String step) {
        return done(step).map(StepRecord::finishedAt);
    }

    /** Evidence that a step of this attempt left. */
    Optional<String> evidence(String step, String fact) {
        return done(step).flatMap(r -> r.evidence().get(fact));
    }

    /** The same of a fact that stands among others under some prefix. */
    Optional<String> evidenceUnderAnyPrefix(String step, String fact) {
        return done(step)
                .flatMap(r ->
                        r.evidence().values().entrySet().stream()
                                .filter(e -> e.getKey().endsWith(fact))
                                .map(Map.Entry::getValue)
                                .findFirst());
    }

    /** What the document calls things by. */
    Set<String> names() {
        Set<String> names =
                new TreeSet<>(
                        List.of(
                                migration.name(),
                                migration.namespace(),
                                migration.source().cluster(),
                                migration.source().namespace(),
                                migration.target().cluster(),
                                migration.target().namespace()));
        names.addAll(migration.databases());
        names.addAll(migration.endpoints().map().keySet());
        names.addAll(migration.endpoints().map().values());
        return names;
    }

    /** {@code namespace/name} of the source. */
    String source() {
        return migration.source().namespace() + "/" + migration.source().cluster();
    }

    String target() {
        return migration.target().namespace() + "/" + migration.target().cluster();
    }

    /** {@code -n namespace}, of the target. */
    String inTarget() {
        return " -n " + migration.target().namespace();
    }

    String inSource() {
        return " -n " + migration.source().namespace();
    }
}
