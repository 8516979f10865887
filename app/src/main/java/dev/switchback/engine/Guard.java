package dev.switchback.engine;

import dev.switchback.fault.Problem;
import java.time.Duration;
import java.util.Optional;

/**
 * A condition watched from one step until another; when it breaks before the commit point, the run
 * releases.
 */
public interface Guard {
    String id();

    /** In force once this step is journalled as done. */
    String from();

    /** No longer in force once this step is journalled as done. */
    String until();

    default Duration every() {
        return Duration.ofSeconds(1);
    }

    /**
     * How long the condition may be unreadable before that counts as broken, beyond three looks in
     * a row: as long as what it reads may be away without harm.
     */
    default Duration patience() {
        return Duration.ZERO;
    }

    /** Called once when the guard comes into force, also in a run that resumes inside its range. */
    default void arm(StepContext context) throws Exception {}

    /** The problem when the condition is broken; an exception means it could not be read. */
    Optional<Problem> observe(StepContext context) throws Exception;

    /** Called once when the guard is no longer in force, and when the run ends. */
    default void disarm() {}
}
