package dev.switchback.engine;

import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.engine.JournalState.Request;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.util.List;
import java.util.Optional;

/**
 * Brings what an earlier run left in order before the first step; goes on from the journal alone.
 */
final class Resume {
    private static final String RELEASING = "releasing: ";

    private final Session session;
    private final Aftermath aftermath;

    Resume(Session session, Aftermath aftermath) {
        this.session = session;
        this.aftermath = aftermath;
    }

    /**
     * @return how the run ends when it ends with this
     */
    Optional<RunResult> forward() {
        if (session.runbook().returning()) {
            session.journal()
                    .update("the way back goes on", draft -> draft.status(Status.RETURNING));
            return Optional.empty();
        }
        return switch (session.state().status()) {
            case NEW -> {
                session.journal().update(draft -> draft.status(Status.RUNNING));
                yield Optional.empty();
            }
            case RUNNING -> commitInDoubt().or(this::scopes);
            case RELEASING -> Optional.of(finishRelease());
            case RELEASED, ABORTED, RETURNED -> nextAttempt().or(this::scopes);
            case COMMITTED, COMPLETED, RETURNING -> Optional.empty();
        };
    }

    /** Looks whether a commit point that was begun has happened; ends the run if unknown. */
    Optional<RunResult> commitInDoubt() {
        if (!session.commitInDoubt()) {
            return Optional.empty();
        }
        return switch (new CommitPoint(session).look()) {
            case CommitPoint.Answer.Unknown(Problem problem) ->
                    Optional.of(aftermath.unknown(problem, List.of()));
            case CommitPoint.Answer.Passed(), CommitPoint.Answer.NotPassed() -> Optional.empty();
        };
    }

    private Optional<RunResult> scopes() {
        if (session.committed()) {
            return Optional.empty();
        }
        try {
            new ScopeRestart(session).run();
            return Optional.empty();
        } catch (StepFailure e) {
            return aftermath.of(Trouble.of(e, session.next().orElseThrow()));
        }
    }

    /** An abort that somebody asked for stays an abort. */
    private RunResult finishRelease() {
        Request request = session.state().request();
        boolean everything = request != null && request.kind().equals(RunWatch.ABORT);
        String reason = reason();
        Release.End end = new Release(session, everything).run(reason, Optional.empty());
        Problem problem =
                new Problem(
                        Code.STEP_FAILED,
                        session.state().migration(),
                        "release of the earlier run finished; it released because of: " + reason,
                        "run the same command again to begin the next attempt");
        return Aftermath.released(
                session, everything, end, end.complete() ? List.of(problem) : List.of());
    }

    private Optional<RunResult> nextAttempt() {
        List<Problem> leftovers = new NextAttempt(session).open();
        if (leftovers.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new RunResult(
                        Outcome.RELEASED,
                        leftovers,
                        leftovers,
                        session.state(),
                        Outcome.RELEASED.exit()));
    }

    private String reason() {
        return session.state().audit().reversed().stream()
                .map(AuditEntry::what)
                .filter(what -> what.startsWith(RELEASING))
                .map(what -> what.substring(RELEASING.length()))
                .findFirst()
                .orElse("a reason the journal no longer holds");
    }
}
