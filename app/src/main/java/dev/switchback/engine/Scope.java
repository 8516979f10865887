package dev.switchback.engine;

import java.util.List;

/**
 * Neighbouring steps that share something bound to a session: a run that resumes inside starts the
 * scope over from its first step, unless its last step is journalled as done.
 */
public record Scope(String id, List<String> steps) {
    public Scope {
        steps = List.copyOf(steps);
    }
}
