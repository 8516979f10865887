package dev.switchback.engine;

import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Problem;
import java.util.List;
import java.util.Optional;

/**
 * A run that resumes inside a scope has lost the session its steps share: what was begun of the
 * scope is undone, newest first, and forgotten, so that it starts over. Complete is complete, also
 * when an earlier attempt did it.
 */
final class ScopeRestart {
    private final Session session;
    private final Undo undo;

    ScopeRestart(Session session) {
        this.session = session;
        this.undo = new Undo(session);
    }

    void run() throws StepFailure {
        for (Scope scope : session.runbook().scopes()) {
            List<StepRecord> begun =
                    session.state().steps().reversed().stream()
                            .filter(r -> scope.steps().contains(r.id()))
                            .toList();
            boolean complete =
                    session.state()
                            .step(scope.steps().getLast())
                            .filter(r -> r.state() == StepState.DONE)
                            .isPresent();
            if (!begun.isEmpty() && !complete) {
                restart(scope, begun);
            }
        }
    }

    private void restart(Scope scope, List<StepRecord> begun) throws StepFailure {
        for (StepRecord record : begun) {
            if (Undo.due(record)) {
                Optional<Problem> problem = undo.of(record);
                if (problem.isPresent()) {
                    throw new StepFailure(List.of(problem.get()), null);
                }
            }
        }
        session.journal()
                .update(
                        "scope " + scope.id() + " starts over",
                        draft -> draft.drop(r -> scope.steps().contains(r.id())));
    }
}
