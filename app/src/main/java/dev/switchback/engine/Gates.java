package dev.switchback.engine;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.util.List;
import java.util.Optional;

/** Asks the gates before a step; a step that was begun in this attempt passed its gates. */
final class Gates {
    private final Session session;

    Gates(Session session) {
        this.session = session;
    }

    /**
     * @return the end of the run when a gate is closed
     */
    Optional<RunResult> before(Runbook.Entry entry) throws StepFailure, StoppedException {
        String step = entry.step().id();
        if (session.begun(step)) {
            return Optional.empty();
        }
        for (Gate gate : session.runbook().gates()) {
            if (gate.before().equals(step)) {
                Optional<String> closed = ask(gate);
                if (closed.isPresent()) {
                    return Optional.of(waiting(gate, closed.get()));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> ask(Gate gate) throws StepFailure, StoppedException {
        LiveContext context =
                new LiveContext(session, gate.before(), session.signal(), LiveContext.NO_EVIDENCE);
        try {
            return StepThread.call(
                    gate.id(),
                    session.signal(),
                    StepThread.UNLIMITED,
                    session.timing().stopGrace(),
                    () -> gate.closedBecause(context));
        } catch (StoppedException e) {
            throw e;
        } catch (Exception | Error e) {
            throw new StepFailure(gate.id(), e);
        }
    }

    private RunResult waiting(Gate gate, String why) {
        session.journal().update("waiting before " + gate.before() + ": " + why, draft -> {});
        Problem problem = new Problem(Code.GATE_CLOSED, gate.id(), why, "");
        return RunResult.of(Outcome.WAITING, List.of(problem), session.state());
    }
}
