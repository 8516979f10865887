package dev.switchback.engine;

import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what becomes of a run in trouble, in this order:
 *
 * <ol>
 *   <li>Lock or epoch lost: touch nothing.
 *   <li>Commit point begun: look first. Passed counts as past it; unknown undoes nothing.
 *   <li>Past the commit point: nothing is released. A broken guard, somebody's wish to abort, or a
 *       failure after which the commit point is seen passed, stops nothing; the run goes on. A
 *       signal stops it when the last step of the downtime is done, not before.
 *   <li>A stop before the downtime: stay as it is, resumable.
 *   <li>Anything else: release; of a way back that means that the target goes on serving.
 * </ol>
 */
final class Aftermath {
    private final Session session;
    private final GuardWatch guards;

    Aftermath(Session session, GuardWatch guards) {
        this.session = session;
        this.guards = guards;
    }

    /**
     * @return how the run ends, or empty when it goes on
     */
    Optional<RunResult> of(Trouble trouble) {
        session.mandate().demand();
        if (trouble.stop().isEmpty()) {
            String step = trouble.at().step().id();
            session.progress().on(new Progress.StepFailed(step, trouble.problems().getFirst()));
        }
        boolean justPassed = false;
        if (session.commitInDoubt()) {
            switch (lookAtCommit(trouble)) {
                case CommitPoint.Answer.Passed() -> justPassed = true;
                case CommitPoint.Answer.NotPassed() -> {}
                case CommitPoint.Answer.Unknown(Problem problem) -> {
                    return Optional.of(unknown(problem, trouble.problems()));
                }
            }
        }
        if (session.committed()) {
            return afterCommit(trouble, justPassed);
        }
        if (trouble.stop().filter(Stop.Signal.class::isInstance).isPresent()
                && !session.downtimeBegun()) {
            return Optional.of(interrupted(trouble));
        }
        return Optional.of(release(trouble));
    }

    private CommitPoint.Answer lookAtCommit(Trouble trouble) {
        boolean ownWorkHangs = trouble.hungStep().equals(session.runbook().commitPoint());
        return ownWorkHangs
                ? new CommitPoint.Answer.Unknown(new CommitPoint(session).hung())
                : new CommitPoint(session).look();
    }

    RunResult unknown(Problem problem, List<Problem> causes) {
        session.progress().on(new Progress.Warning(problem));
        session.journal().update("commit unknown: " + problem.what(), draft -> {});
        List<Problem> problems = new ArrayList<>(List.of(problem));
        problems.addAll(causes);
        return RunResult.of(Outcome.COMMIT_UNKNOWN, problems, session.state());
    }

    private Optional<RunResult> afterCommit(Trouble trouble, boolean justPassed) {
        Stop stop = trouble.stop().orElse(null);
        boolean goesOn =
                switch (stop) {
                    case null -> justPassed;
                    case Stop.Broken broken -> true;
                    case Stop.Asked asked -> true;
                    case Stop.Signal signal -> session.signal().postpone();
                    case Stop.Overdue overdue -> false;
                    case Stop.Lost lost -> false;
                };
        Problem cause = trouble.problems().getFirst();
        if (goesOn) {
            session.signal().dismiss();
            session.say("past the commit point, going on in spite of: " + cause.line());
            return Optional.empty();
        }
        String where =
                session.runbook().finishing()
                        ? "not cleaned up: "
                        : "incomplete past the commit point: ";
        session.journal().update(where + cause.line(), draft -> {});
        RunResult incomplete =
                RunResult.of(Outcome.INCOMPLETE_AFTER_COMMIT, trouble.problems(), session.state())
                        .exitBySignal();
        if (session.runbook().finishing() && trouble.at().phase() == Phase.CHECK) {
            return Optional.of(incomplete.withExit(cause.code().exitOfCheck()));
        }
        return Optional.of(
                cause.code().exit() == ExitCode.WAITING
                        ? incomplete.withExit(ExitCode.WAITING)
                        : incomplete);
    }

    private RunResult interrupted(Trouble trouble) {
        Problem cause = trouble.problems().getFirst();
        session.journal()
                .update("stopped, resumable: " + cause.what(), draft -> draft.request(null));
        return RunResult.of(Outcome.INTERRUPTED, trouble.problems(), session.state())
                .withExit(cause.code().exit());
    }

    private RunResult release(Trouble trouble) {
        guards.close();
        boolean everything =
                trouble.stop()
                        .filter(s -> s instanceof Stop.Asked asked && asked.everything())
                        .isPresent();
        String reason = trouble.problems().getFirst().line();
        Release.End end = new Release(session, everything).run(reason, trouble.hungStep());
        RunResult result =
                session.runbook().canStay()
                        ? stayed(session, asked(trouble), end, trouble.problems())
                        : released(session, everything, end, trouble.problems());
        result = result.exitBySignal();
        boolean byCheck = trouble.stop().isEmpty() && trouble.at().phase() == Phase.CHECK;
        return byCheck && end.complete()
                ? result.withExit(trouble.problems().getFirst().code().exitOfCheck())
                : result;
    }

    private static boolean asked(Trouble trouble) {
        return trouble.stop()
                .filter(s -> s instanceof Stop.Asked asked && asked.stay())
                .isPresent();
    }

    /**
     * What the release of a way back that ended this way means for the run.
     *
     * @param asked a person wanted it so
     */
    static RunResult stayed(Session session, boolean asked, Release.End end, List<Problem> causes) {
        List<Problem> problems = new ArrayList<>(causes);
        problems.addAll(end.problems());
        Outcome outcome = end.complete() ? Outcome.STAYED : Outcome.RELEASE_INCOMPLETE;
        boolean fine = asked && end.complete() && end.leftovers().isEmpty();
        ExitCode exit = fine ? ExitCode.OK : outcome.exit();
        return new RunResult(outcome, problems, end.leftovers(), session.state(), exit);
    }

    /** What a release that ended this way means for the run. */
    static RunResult released(
            Session session, boolean everything, Release.End end, List<Problem> causes) {
        List<Problem> problems = new ArrayList<>(causes);
        problems.addAll(end.problems());
        boolean aborted = everything && end.complete() && end.leftovers().isEmpty();
        Outcome outcome =
                !end.complete()
                        ? Outcome.RELEASE_INCOMPLETE
                        : aborted ? Outcome.ABORTED : Outcome.RELEASED;
        ExitCode exit = aborted && !causes.isEmpty() ? ExitCode.FAILED : outcome.exit();
        return new RunResult(outcome, problems, end.leftovers(), session.state(), exit);
    }
}
