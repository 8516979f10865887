package dev.switchback.engine;

import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The records a step leaves in the journal. A capture and {@code found} once written are never
 * overwritten, evidence is only added to.
 */
final class Records {
    private Records() {}

    /** About to act. */
    static StepRecord intent(
            JournalState state, String id, Facts captured, Facts evidence, Instant now) {
        Optional<StepRecord> before = state.step(id);
        boolean again =
                before.filter(r -> r.state() == StepState.INTENT)
                        .filter(r -> r.attempt() == state.attempt())
                        .isPresent();
        return new StepRecord(
                id,
                StepState.INTENT,
                state.attempt(),
                before.map(StepRecord::found).orElse(false),
                before.map(StepRecord::captured).orElse(captured),
                before.map(StepRecord::evidence).orElse(Facts.NONE).with(evidence),
                again ? before.get().startedAt() : now,
                null,
                null);
    }

    /** More evidence of a step that was begun. */
    static StepRecord with(StepRecord record, Facts evidence) {
        return new StepRecord(
                record.id(),
                record.state(),
                record.attempt(),
                record.found(),
                record.captured(),
                record.evidence().with(evidence),
                record.startedAt(),
                record.finishedAt(),
                record.seconds());
    }

    /** Seen done: found when nothing says that we began it. */
    static StepRecord done(
            JournalState state, String id, Facts evidence, Instant lookedAt, Instant now) {
        Optional<StepRecord> before = state.step(id);
        boolean finishedBefore = before.filter(r -> r.state() == StepState.DONE).isPresent();
        Instant started = before.map(StepRecord::startedAt).orElse(lookedAt);
        double seconds = Duration.between(started, now).toMillis() / 1000.0;
        return new StepRecord(
                id,
                StepState.DONE,
                state.attempt(),
                before.map(StepRecord::found).orElse(true),
                before.map(StepRecord::captured).orElse(Facts.NONE),
                before.map(StepRecord::evidence).orElse(Facts.NONE).with(evidence),
                started,
                finishedBefore ? before.get().finishedAt() : now,
                finishedBefore ? before.get().seconds() : Double.valueOf(seconds));
    }

    static StepRecord in(StepState next, StepRecord record) {
        return new StepRecord(
                record.id(),
                next,
                record.attempt(),
                record.found(),
                record.captured(),
                record.evidence(),
                record.startedAt(),
                record.finishedAt(),
                record.seconds());
    }
}
