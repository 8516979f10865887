package dev.switchback.engine;

import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import java.util.List;

/**
 * How one run ended.
 *
 * @param problems what made it end, the first the cause; empty when it ended as asked
 * @param leftovers effects that could not be taken back; the next run takes them up again
 * @param state the journal as the run left it
 * @param exit for scripts: {@link Outcome#exit} unless a signal or a blocking check says more
 */
public record RunResult(
        Outcome outcome,
        List<Problem> problems,
        List<Problem> leftovers,
        JournalState state,
        ExitCode exit) {

    public RunResult {
        problems = List.copyOf(problems);
        leftovers = List.copyOf(leftovers);
    }

    static RunResult of(Outcome outcome, JournalState state) {
        return new RunResult(outcome, List.of(), List.of(), state, outcome.exit());
    }

    static RunResult of(Outcome outcome, List<Problem> problems, JournalState state) {
        return new RunResult(outcome, problems, List.of(), state, outcome.exit());
    }

    /** The same with the signal's own code when a signal was the cause. */
    RunResult exitBySignal() {
        ExitCode exitOfCause = problems.isEmpty() ? exit : problems.getFirst().code().exit();
        boolean signal = exitOfCause == ExitCode.INTERRUPTED || exitOfCause == ExitCode.TERMINATED;
        return signal ? withExit(exitOfCause) : this;
    }

    RunResult withExit(ExitCode code) {
        return new RunResult(outcome, problems, leftovers, state, code);
    }

    RunResult withState(JournalState now) {
        return new RunResult(outcome, problems, leftovers, now, exit);
    }
}
