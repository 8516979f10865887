package dev.switchback.engine;

import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.util.List;
import java.util.Optional;

/**
 * Why a run does not simply go on.
 *
 * @param problems the first is the cause
 * @param stop present when it was stopped rather than failed
 * @param at the step that was next or under way
 * @param hung the step's work was stopped and did not end
 */
record Trouble(List<Problem> problems, Optional<Stop> stop, Runbook.Entry at, boolean hung) {

    static Trouble stopped(Stop stop, Runbook.Entry at) {
        return new Trouble(List.of(stop.problem()), Optional.of(stop), at, false);
    }

    static Trouble of(StoppedException e, Runbook.Entry at) {
        return new Trouble(List.of(e.stop().problem()), Optional.of(e.stop()), at, e.hung());
    }

    static Trouble of(StepFailure e, Runbook.Entry at) {
        return new Trouble(e.problems(), Optional.empty(), at, false);
    }

    /** The journal could not be written. */
    static Trouble of(SwitchbackException e, Runbook.Entry at) {
        return new Trouble(e.problems(), Optional.empty(), at, false);
    }

    Optional<String> hungStep() {
        return hung ? Optional.of(at.step().id()) : Optional.empty();
    }
}
