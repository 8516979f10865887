package dev.switchback.engine;

import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens the next forward try after a release: what the last one left over is undone first; what is
 * kept between attempts stays with its first capture, the rest is forgotten.
 *
 * <p>After a way back what was synced is worthless, since the source has gone on without it: steps
 * of phase sync and later are undone too, however long they are kept otherwise, and so is what a
 * release would have undone: it belongs to the attempt that the way back ended.
 */
final class NextAttempt {
    private final Session session;

    NextAttempt(Session session) {
        this.session = session;
    }

    /**
     * @return what could still not be taken back; then no attempt was opened
     */
    List<Problem> open() {
        Leftovers before = new Leftovers(session);
        List<Problem> leftovers = new ArrayList<>(before.undo());
        boolean returned = session.state().status() == Status.RETURNED;
        if (returned && leftovers.isEmpty()) {
            leftovers.addAll(
                    before.undo(r ->
                            Undo.due(r)
                                    && (isOfOneAttempt(r)
                                            || (keptBetweenAttempts(r) && isSynced(r)))));
        }
        if (leftovers.isEmpty()) {
            int attempt = session.state().attempt() + 1;
            session.journal()
                    .update(
                            "attempt " + attempt + " begins",
                            draft ->
                                    draft.attempt(attempt)
                                            .status(Status.RUNNING)
                                            .request(null)
                                            .decisions(draft.base().decisions().ofNextAttempt())
                                            .drop(r -> !kept(r) || (returned && isSynced(r))));
        }
        return leftovers;
    }

    /** An intent is kept too: its capture is the only memory of what was there before us. */
    private boolean kept(StepRecord record) {
        boolean mayBeThere = record.state() == StepState.DONE || record.state() == StepState.INTENT;
        return mayBeThere && keptBetweenAttempts(record);
    }

    private boolean keptBetweenAttempts(StepRecord record) {
        return session.runbook()
                .entry(record.id())
                .filter(e -> e.step().undoAt() == UndoAt.ABORT)
                .isPresent();
    }

    private boolean isOfOneAttempt(StepRecord record) {
        return session.runbook()
                .entry(record.id())
                .filter(e -> e.step().undoAt() == UndoAt.RELEASE)
                .isPresent();
    }

    private boolean isSynced(StepRecord record) {
        return session.runbook()
                .entry(record.id())
                .filter(e -> e.phase().compareTo(Phase.SYNC) >= 0)
                .isPresent();
    }
}
