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
 */
final class NextAttempt {
    private final Session session;
    private final Undo undo;

    NextAttempt(Session session) {
        this.session = session;
        this.undo = new Undo(session);
    }

    /**
     * @return what could still not be taken back; then no attempt was opened
     */
    List<Problem> open() {
        List<Problem> leftovers = new ArrayList<>();
        for (StepRecord record : session.state().steps().reversed()) {
            if (record.state() == StepState.LEFTOVER) {
                undo.of(record).ifPresent(leftovers::add);
            }
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
                                            .drop(record -> !kept(record)));
        }
        return leftovers;
    }

    /** An intent is kept too: its capture is the only memory of what was there before us. */
    private boolean kept(StepRecord record) {
        boolean mayBeThere = record.state() == StepState.DONE || record.state() == StepState.INTENT;
        return mayBeThere
                && session.runbook()
                        .entry(record.id())
                        .filter(e -> e.step().undoAt() == UndoAt.ABORT)
                        .isPresent();
    }
}
