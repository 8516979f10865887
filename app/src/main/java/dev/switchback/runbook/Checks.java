package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Finding;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at every step of the check phase, so that all problems are told at once; writes nothing.
 */
public final class Checks {
    /** Some checks wait for a second sample; so many look at once, each on sessions of its own. */
    private static final int AT_A_TIME = 6;

    private Checks() {}

    /** What one check said; unknown blocks like fail. */
    public enum Verdict {
        PASS,
        /** Nothing blocks, but something is worth knowing or was overridden. */
        WARN,
        FAIL,
        UNKNOWN;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * What is to be mended, each cause once; everything else still blocks and is told with its
     * check.
     *
     * <ul>
     *   <li>Every failure, unless an earlier check said the same code of the same object: that is
     *       the same cause in other words.
     *   <li>What could not be read, only where nothing before it was wrong and nothing that failed
     *       names its object: afterwards it is most often a consequence.
     * </ul>
     */
    public static List<Problem> causes(List<Result> results) {
        Set<String> failed =
                results.stream()
                        .flatMap(r -> of(r, Finding.Level.FAIL))
                        .map(Problem::object)
                        .collect(Collectors.toSet());
        Set<Problem> causes = new LinkedHashSet<>();
        Set<List<String>> told = new HashSet<>();
        for (Result result : results) {
            boolean nothingWrongYet = causes.isEmpty();
            List<Problem> fresh =
                    of(result, Finding.Level.FAIL)
                            .filter(p -> !told.contains(codeAndObject(p)))
                            .toList();
            causes.addAll(fresh);
            fresh.forEach(p -> told.add(codeAndObject(p)));
            if (nothingWrongYet && fresh.isEmpty()) {
                of(result, Finding.Level.UNKNOWN)
                        .filter(p -> !failed.contains(p.object()))
                        .forEach(causes::add);
            }
        }
        return List.copyOf(causes);
    }

    private static Stream<Problem> of(Result result, Finding.Level level) {
        return result.findings().stream().filter(f -> f.level() == level).map(Finding::problem);
    }

    private static List<String> codeAndObject(Problem problem) {
        return List.of(problem.code().id(), problem.object());
    }

    /**
     * @param problems what blocks
     * @param findings everything found, with its weight; those of {@code problems} included
     */
    public record Result(
            Step step,
            Verdict verdict,
            Facts evidence,
            List<Problem> problems,
            List<Finding> findings) {
        /** The guide's chapter it stands in. */
        public Chapter chapter() {
            return step instanceof Check check ? check.chapter() : Chapter.INFRASTRUCTURE;
        }

        static Result unknown(Step step, List<Problem> problems) {
            return new Result(
                    step,
                    Verdict.UNKNOWN,
                    Facts.NONE,
                    problems,
                    problems.stream().map(p -> new Finding(Finding.Level.UNKNOWN, p)).toList());
        }
    }

    /**
     * @param uid the migration's, if a journal has one: a target prepared by us is ours
     * @param deep whether checks may read for long
     */
    public static List<Result> run(Runbook runbook, String runId, String uid, boolean deep) {
        return run(runbook, id -> true, runId, uid, deep);
    }

    /**
     * The same for some of the checks.
     *
     * @param wanted which, by their ids
     */
    public static List<Result> run(
            Runbook runbook, Predicate<String> wanted, String runId, String uid, boolean deep) {
        LookContext context = new LookContext(runId, uid, deep);
        List<Callable<Result>> looks = new ArrayList<>();
        for (Runbook.Entry entry : runbook.entries()) {
            if (entry.phase() == Phase.CHECK && wanted.test(entry.step().id())) {
                looks.add(() -> look(entry.step(), context));
            }
        }
        List<Result> results = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
            for (Future<Result> look : threads.invokeAll(looks)) {
                results.add(look.get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SwitchbackException ours) {
                throw ours;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted("check");
        }
        return results;
    }

    private static SwitchbackException interrupted(String what) {
        Thread.currentThread().interrupt();
        return new SwitchbackException(Code.INTERRUPTED, what, "interrupted", "run it again");
    }

    /**
     * The runbook for a run that begins now: its checks are journalled as they were just seen.
     *
     * @param at when the looking began, by {@link System#nanoTime}
     */
    public static Runbook justLooked(Runbook runbook, List<Result> results, long at) {
        return LookedAt.of(runbook, results, at);
    }

    private static Result look(Step step, LookContext context) {
        try {
            return switch (step.observe(context)) {
                case Observation.Done done ->
                        new Result(
                                step,
                                done.findings().isEmpty() ? Verdict.PASS : Verdict.WARN,
                                done.evidence(),
                                List.of(),
                                done.findings());
                case Observation.Impossible impossible ->
                        new Result(
                                step,
                                blocked(impossible),
                                Facts.NONE,
                                impossible.problems(),
                                impossible.findings());
                case Observation.Todo todo -> Result.unknown(step, unread(step, todo.why()));
            };
        } catch (SwitchbackException e) {
            return Result.unknown(step, e.problems());
        } catch (InterruptedException e) {
            throw interrupted(step.id());
        } catch (Exception e) {
            return Result.unknown(step, unread(step, "cannot be read: " + e.getMessage()));
        }
    }

    private static Verdict blocked(Observation.Impossible impossible) {
        return impossible.findings().stream().anyMatch(f -> f.level() == Finding.Level.FAIL)
                ? Verdict.FAIL
                : Verdict.UNKNOWN;
    }

    private static List<Problem> unread(Step step, String what) {
        return List.of(new Problem(Code.STEP_FAILED, step.id(), what, "try again"));
    }
}
