package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.time.Duration;
import java.util.List;

/**
 * Practice: a step that acts and then fails, so that a team has seen the way back before it needs
 * it.
 */
public final class Drill {
    private Drill() {}

    /**
     * @throws SwitchbackException USAGE when there is no such step before the commit point
     */
    public static Runbook failAt(Runbook runbook, String stepId) {
        List<String> ids = runbook.entries().stream().map(e -> e.step().id()).toList();
        int commit = runbook.commitPoint().map(ids::indexOf).orElse(ids.size());
        if (!ids.contains(stepId) || ids.indexOf(stepId) >= commit) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "--drill-fail-at",
                    "'" + stepId + "' is no step before the commit point",
                    "one of: " + String.join(", ", ids.subList(0, commit)));
        }
        return runbook.withSteps(step -> step.id().equals(stepId) ? new Failing(step) : step);
    }

    private record Failing(Step step) implements Step {
        @Override
        public String id() {
            return step.id();
        }

        @Override
        public String title() {
            return step.title();
        }

        @Override
        public boolean inDowntime() {
            return step.inDowntime();
        }

        @Override
        public UndoAt undoAt() {
            return step.undoAt();
        }

        @Override
        public Duration deadline() {
            return step.deadline();
        }

        /**
         * Never done before it acted: a drill of a step whose effect is already there must fail,
         * too.
         */
        @Override
        public Observation observe(StepContext context) {
            return Observation.todo("a drill: it fails after it has acted");
        }

        @Override
        public Facts capture(StepContext context) throws Exception {
            return step.capture(context);
        }

        @Override
        public void apply(StepContext context) throws Exception {
            step.apply(context);
            throw new SwitchbackException(
                    Code.DRILL,
                    step.id(),
                    "failed on purpose, as --drill-fail-at asked",
                    "run migrate without the drill");
        }

        @Override
        public void undo(StepContext context) throws Exception {
            step.undo(context);
        }
    }
}
