package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at every step of the check phase, so that all problems are told at once; writes nothing.
 */
public final class Checks {
    private Checks() {}

    /** What one check said; unknown blocks like fail. */
    public enum Verdict {
        PASS,
        FAIL,
        UNKNOWN;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * What is to be mended: every failure, and what could not be read when nothing before it was
     * wrong. What cannot be read after that is most often a consequence; it blocks, and it is told
     * with its check, but not as a problem of its own.
     */
    public static List<Problem> causes(List<Result> results) {
        Set<Problem> causes = new LinkedHashSet<>();
        for (Result result : results) {
            if (result.verdict() == Verdict.FAIL || causes.isEmpty()) {
                causes.addAll(result.problems());
            }
        }
        return List.copyOf(causes);
    }

    public record Result(Step step, Verdict verdict, Facts evidence, List<Problem> problems) {}

    /**
     * @param uid the migration's, if a journal has one: a target prepared by us is ours
     */
    public static List<Result> run(Runbook runbook, String runId, String uid) {
        LookContext context = new LookContext(runId, uid);
        List<Result> results = new ArrayList<>();
        for (Runbook.Entry entry : runbook.entries()) {
            if (entry.phase() == Phase.CHECK) {
                Result result = look(entry.step(), context);
                context.saw(entry.step().id(), result.evidence());
                results.add(result);
            }
        }
        return results;
    }

    private static Result look(Step step, LookContext context) {
        try {
            return switch (step.observe(context)) {
                case Observation.Done(Facts evidence) ->
                        new Result(step, Verdict.PASS, evidence, List.of());
                case Observation.Impossible(List<Problem> problems) ->
                        new Result(step, Verdict.FAIL, Facts.NONE, problems);
                case Observation.Todo(String why) ->
                        new Result(
                                step,
                                Verdict.UNKNOWN,
                                Facts.NONE,
                                List.of(
                                        new Problem(
                                                Code.STEP_FAILED, step.id(), why, "try again")));
            };
        } catch (SwitchbackException e) {
            return new Result(step, Verdict.UNKNOWN, Facts.NONE, e.problems());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SwitchbackException(
                    Code.INTERRUPTED, step.id(), "interrupted", "run it again");
        } catch (Exception e) {
            return new Result(
                    step,
                    Verdict.UNKNOWN,
                    Facts.NONE,
                    List.of(
                            new Problem(
                                    Code.STEP_FAILED,
                                    step.id(),
                                    "cannot be read: " + e.getMessage(),
                                    "try again")));
        }
    }
}
