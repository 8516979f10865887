package dev.switchback.engine;

import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Takes back, newest first, what must be gone before something new begins. */
final class Leftovers {
    private final Session session;
    private final Undo undo;

    Leftovers(Session session) {
        this.session = session;
        this.undo = new Undo(session);
    }

    /**
     * What an earlier release of this runbook could not undo.
     *
     * @return what could still not be taken back
     */
    List<Problem> undo() {
        boolean wayBack = session.runbook().canStay();
        return undo(record ->
                record.state() == StepState.LEFTOVER
                        // the forward runbook's are not ours to undo
                        && (!wayBack || session.runbook().entry(record.id()).isPresent()));
    }

    /**
     * @return what could not be taken back
     */
    List<Problem> undo(Predicate<StepRecord> which) {
        List<Problem> problems = new ArrayList<>();
        for (StepRecord record : session.state().steps().reversed()) {
            if (which.test(record)) {
                undo.of(record).ifPresent(problems::add);
            }
        }
        return problems;
    }
}
