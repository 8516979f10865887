package dev.switchback.engine;

import dev.switchback.fault.Problem;
import java.util.List;

/** What a fresh look shows. "Cannot read" is neither of these: it is an exception. */
public sealed interface Observation {

    /**
     * The effect is there.
     *
     * @param findings what is worth knowing although nothing blocks: warnings, and what the
     *     document overrides
     */
    record Done(Facts evidence, List<Finding> findings) implements Observation {}

    /** The effect is not there (yet); {@code why} is for people. */
    record Todo(String why) implements Observation {}

    /**
     * It cannot be done until a person mends these; at least one.
     *
     * @param findings everything found, those of {@code problems} included, each with its weight
     */
    record Impossible(List<Problem> problems, List<Finding> findings) implements Observation {
        public Impossible(List<Problem> problems) {
            this(problems, problems.stream().map(p -> new Finding(Finding.Level.FAIL, p)).toList());
        }
    }

    static Observation done(String... evidence) {
        return done(Facts.of(evidence));
    }

    static Observation done(Facts evidence) {
        return new Done(evidence, List.of());
    }

    static Observation todo(String why) {
        return new Todo(why);
    }

    static Observation impossible(Problem problem) {
        return new Impossible(List.of(problem));
    }
}
