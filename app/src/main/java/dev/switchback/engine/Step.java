package dev.switchback.engine;

import java.time.Duration;

/**
 * The smallest unit that is journalled, resumed and undone. Implementations are final, hold no
 * state that matters after a crash, and never call one another.
 */
public interface Step {
    /** Stable, kebab-case, unique in its runbook: {@code stop-writers}. */
    String id();

    /** For people, in the imperative: {@code Stop the writers}. */
    String title();

    /** Whether users are without service while it runs. */
    default boolean inDowntime() {
        return false;
    }

    /**
     * Whether it changes anything; a step that only looks has nothing to capture, apply or undo.
     */
    default boolean acts() {
        return true;
    }

    default UndoAt undoAt() {
        return UndoAt.NEVER;
    }

    /** How long after {@link #apply} returned its effect may take to show. */
    default Duration deadline() {
        return Duration.ofSeconds(60);
    }

    /**
     * A fresh look, read-only, safe at any time, also before anything was applied.
     *
     * @throws Exception when it cannot be read; never answered as done or to do
     */
    Observation observe(StepContext context) throws Exception;

    /**
     * What undo will need, read just before the first {@link #apply} of an attempt and kept
     * unchanged after.
     */
    default Facts capture(StepContext context) throws Exception {
        return Facts.NONE;
    }

    /** Makes the effect; idempotent, so that a run after a crash may call it again. */
    default void apply(StepContext context) throws Exception {}

    /**
     * Takes the effect back, using {@link StepContext#captured} only; idempotent. Never called past
     * the commit point.
     */
    default void undo(StepContext context) throws Exception {}
}
