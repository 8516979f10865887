package dev.switchback.steps;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Finding;
import dev.switchback.engine.Finding.Level;
import dev.switchback.engine.Observation;
import dev.switchback.fault.Problem;
import dev.switchback.spec.Acceptance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one check found, weighed against the document's overrides. Warnings and overrides are part
 * of the evidence, so that the journal and the report keep them.
 */
public final class Findings {
    private final List<Acceptance> overrides;
    private final List<Finding> found = new ArrayList<>();
    private Facts evidence = Facts.NONE;

    public Findings(List<Acceptance> overrides) {
        this.overrides = overrides;
    }

    /** Blocks, and no override helps: without this the migration cannot work. */
    public void fail(Problem problem) {
        found.add(new Finding(Level.FAIL, problem));
    }

    /** Blocks unless the document accepts it by its code, and object where it names one. */
    public void block(Problem problem) {
        Optional<Acceptance> accepted =
                overrides.stream()
                        .filter(o -> o.accepts(problem.code().id(), problem.object()))
                        .findFirst();
        if (accepted.isPresent()) {
            found.add(
                    new Finding(
                            Level.OVERRIDDEN,
                            new Problem(
                                    problem.code(),
                                    problem.object(),
                                    problem.what() + " (accepted: " + accepted.get().reason() + ")",
                                    problem.remedy(),
                                    problem.why())));
        } else {
            fail(problem);
        }
    }

    /** Could not be read: blocks like a failure, because unknown is never fine. */
    public void unknown(Problem problem) {
        found.add(new Finding(Level.UNKNOWN, problem));
    }

    public void warn(Problem problem) {
        found.add(new Finding(Level.WARN, problem));
    }

    /** What was seen; no secrets. */
    public void saw(String name, String value) {
        evidence = evidence.with(name, value);
    }

    boolean blocks() {
        return found.stream().anyMatch(f -> f.level().blocks());
    }

    public Observation observation() {
        List<Problem> blocking =
                found.stream().filter(f -> f.level().blocks()).map(Finding::problem).toList();
        if (!blocking.isEmpty()) {
            return new Observation.Impossible(blocking, List.copyOf(found));
        }
        return new Observation.Done(
                told(told(evidence, Level.WARN), Level.OVERRIDDEN), List.copyOf(found));
    }

    private Facts told(Facts facts, Level level) {
        List<String> lines =
                found.stream()
                        .filter(f -> f.level() == level)
                        .map(f ->
                                f.problem().code().id()
                                        + " "
                                        + f.problem().object()
                                        + ": "
                                        + f.problem().what())
                        .toList();
        return lines.isEmpty() ? facts : facts.with(level.word(), String.join("; ", lines));
    }
}
