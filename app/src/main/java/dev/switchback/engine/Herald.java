package dev.switchback.engine;

import dev.switchback.fault.Problem;
import java.util.Optional;

/**
 * Tells others of a run: hears of its boundaries on the run's own way, and may hold it where users
 * have service. What it told is in the journal ({@link Tidings#tell}).
 */
public interface Herald {
    /** Tells nobody. */
    Herald SILENT = (boundary, tidings) -> Optional.empty();

    /** A run holds the migration; nothing of it was begun yet. */
    default void begin(Tidings tidings) {}

    /**
     * Called before anything behind the boundary is begun, and again by a run after a crash. While
     * users are without service, and when a release begins, it returns at once and tells beside.
     *
     * @return why the run must not go on now; heeded before the commit point and with users in
     *     service only, else told as a warning
     */
    Optional<Problem> at(Boundary boundary, Tidings tidings) throws InterruptedException;

    /** The run ends: what is still being told is ended within bounds. */
    default void end() {}
}
