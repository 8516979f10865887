package dev.switchback.engine;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.progress.Progress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What the parts of one run share from taking the lock to giving it back.
 *
 * @param signal stops the way forward; undoing has signals of its own
 */
record Session(
        Runbook runbook,
        RunOptions options,
        InstantSource clock,
        Progress progress,
        Timing timing,
        JournalWriter journal,
        Mandate mandate,
        StopSignal signal,
        Herald herald) {

    Heralding heralding() {
        return new Heralding(this, herald);
    }

    JournalState state() {
        return journal.state();
    }

    /** Past this runbook's commit point: nothing of it is taken back by itself. */
    boolean committed() {
        return switch (state().status()) {
            case RETURN_COMMITTED, RETURNED, CLEANING, CLEANED -> true;
            case COMMITTED, COMPLETED, RETURNING, STAYING -> !runbook.canStay();
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED -> false;
        };
    }

    /** Under way and before this runbook's commit point. */
    boolean underWay() {
        return state().status() == (runbook.canStay() ? Status.RETURNING : Status.RUNNING);
    }

    /** Journalled as done in this attempt. */
    boolean done(String stepId) {
        return ofThisAttempt(stepId).filter(r -> r.state() == StepState.DONE).isPresent();
    }

    /** Begun in this attempt, and whether its effect is there was not seen yet. */
    boolean begun(String stepId) {
        return ofThisAttempt(stepId).filter(r -> r.state() == StepState.INTENT).isPresent();
    }

    /** The first step not journalled as done in this attempt. */
    Optional<Runbook.Entry> next() {
        return runbook.entries().stream().filter(e -> !done(e.step().id())).findFirst();
    }

    /** Whether this attempt took service from users. */
    boolean downtimeBegun() {
        return runbook.entries().stream()
                .map(Runbook.Entry::step)
                .filter(Step::inDowntime)
                .anyMatch(step -> done(step.id()) || begun(step.id()));
    }

    /** Users are without service, by what is journalled. */
    boolean inDowntime() {
        return downtimeBegun()
                && runbook.entries().stream()
                        .map(Runbook.Entry::step)
                        .filter(Step::inDowntime)
                        .anyMatch(step -> !done(step.id()));
    }

    /**
     * Past the commit point and users are still without service: stopping here would leave them so,
     * and nothing takes it back.
     */
    boolean mustFinishDowntime() {
        return committed() && inDowntime();
    }

    boolean commitInDoubt() {
        return underWay() && runbook.commitPoint().filter(this::begun).isPresent();
    }

    /** Before a step is done: from {@link Runbook#finishesFrom} on the journal says so. */
    void enter(Runbook.Entry entry) {
        String id = entry.step().id();
        if (runbook.finishesAt(id) && state().status() != Status.CLEANING) {
            journal.update("cleaning up from " + id, draft -> draft.status(Status.CLEANING));
        }
    }

    /**
     * Journals an effect as seen; that of the commit point makes the other side the serving one.
     */
    void recordDone(Runbook.Entry entry, Facts evidence, Instant lookedAt) {
        String id = entry.step().id();
        boolean commit = runbook.commitPoint().filter(id::equals).isPresent();
        Instant now = clock.instant();
        JournalState next =
                journal.update(
                        commit ? "done " + id + ": committed" : "done " + id,
                        draft -> {
                            draft.put(Records.done(draft.base(), id, evidence, lookedAt, now));
                            if (commit) {
                                draft.status(
                                        runbook.canStay()
                                                ? Status.RETURN_COMMITTED
                                                : Status.COMMITTED);
                            }
                        });
        StepRecord record = next.step(id).orElseThrow();
        Double seconds = record.seconds();
        progress.on(
                new Progress.StepDone(
                        id,
                        seconds == null ? 0 : seconds,
                        record.found() && entry.step().acts(),
                        record.evidence().values()));
    }

    void say(String text) {
        progress.on(new Progress.Note(text));
    }

    private Optional<StepRecord> ofThisAttempt(String stepId) {
        return state().step(stepId).filter(r -> r.attempt() == state().attempt());
    }
}
