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
        if (session.runbook().canStay()) {
            return wayBack();
        }
        if (session.runbook().finishing()) {
            return Optional.empty();
        }
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
            case COMMITTED, COMPLETED -> Optional.empty();
            case RETURNING, STAYING, RETURN_COMMITTED, CLEANING, CLEANED -> throw notAdmitted();
        };
    }

    /** A way back that can be taken back until its own commit point. */
    private Optional<RunResult> wayBack() {
        return switch (session.state().status()) {
            case COMMITTED, COMPLETED -> setOut();
            case RETURNING -> commitInDoubt().or(this::scopes);
            case STAYING -> Optional.of(finishStay());
            case RETURN_COMMITTED -> Optional.empty();
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED, RETURNED, CLEANING, CLEANED ->
                    throw notAdmitted();
        };
    }

    /** Of an earlier way back that was taken back only leftovers can be there. */
    private Optional<RunResult> setOut() {
        List<Problem> leftovers = new Leftovers(session).undo();
        if (!leftovers.isEmpty()) {
            return Optional.of(notBegun(Outcome.STAYED, leftovers));
        }
        session.journal()
                .update(
                        "the way back begins",
                        draft ->
                                draft.status(Status.RETURNING)
                                        .request(null)
                                        .forgetTold(t -> Boundary.ofTakingBack(t.kind()))
                                        .drop(r -> session.runbook().entry(r.id()).isPresent()));
        return Optional.empty();
    }

    private RunResult finishStay() {
        Request request = session.state().request();
        boolean asked = request != null && request.kind().equals(RunWatch.STAY);
        String reason = reason(true);
        Release.End end = new Release(session, false).run(reason, Optional.empty());
        return Aftermath.stayed(
                session,
                asked,
                end,
                end.complete() && !asked ? List.of(finished(reason)) : List.of());
    }

    private IllegalStateException notAdmitted() {
        return new IllegalStateException(
                session.runbook().name() + " is not admitted at " + session.state().status());
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
        String reason = reason(false);
        Release.End end = new Release(session, everything).run(reason, Optional.empty());
        return Aftermath.released(
                session, everything, end, end.complete() ? List.of(finished(reason)) : List.of());
    }

    private Problem finished(String reason) {
        return new Problem(
                Code.STEP_FAILED,
                session.state().migration(),
                "release of the earlier run finished; it released because of: " + reason,
                "run the same command again to begin the next attempt");
    }

    private Optional<RunResult> nextAttempt() {
        List<Problem> leftovers = new NextAttempt(session).open();
        if (leftovers.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(notBegun(Outcome.RELEASED, leftovers));
    }

    private RunResult notBegun(Outcome outcome, List<Problem> leftovers) {
        return new RunResult(outcome, leftovers, leftovers, session.state(), outcome.exit());
    }

    private String reason(boolean stay) {
        String word = Release.word(stay);
        return session.state().audit().reversed().stream()
                .map(AuditEntry::what)
                .filter(what -> what.startsWith(word))
                .map(what -> what.substring(word.length()))
                .findFirst()
                .orElse("a reason the journal no longer holds");
    }
}
