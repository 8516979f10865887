package dev.switchback.engine;

import java.util.Optional;

/** A condition or a person's approval without which a step does not start. */
public interface Gate {
    String id();

    /** The step that waits for it. */
    String before();

    /** Why the gate is still closed, or empty when it is open; read freshly each time. */
    Optional<String> closedBecause(StepContext context) throws Exception;
}
