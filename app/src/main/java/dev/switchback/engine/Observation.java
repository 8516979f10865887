package dev.switchback.engine;

import dev.switchback.fault.Problem;
import java.util.List;

/** What a fresh look shows. "Cannot read" is neither of these: it is an exception. */
public sealed interface Observation {

    /** The effect is there. */
    record Done(Facts evidence) implements Observation {}

    /** The effect is not there (yet); {@code why} is for people. */
    record Todo(String why) implements Observation {}

    /** It cannot be done until a person mends these; at least one. */
    record Impossible(List<Problem> problems) implements Observation {}

    static Observation done(String... evidence) {
        return new Done(Facts.of(evidence));
    }

    static Observation done(Facts evidence) {
        return new Done(evidence);
    }

    static Observation todo(String why) {
        return new Todo(why);
    }

    static Observation impossible(Problem problem) {
        return new Impossible(List.of(problem));
    }
}
