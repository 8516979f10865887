package dev.switchback.engine;

/** When a step's effect is taken back, before the commit point. */
public enum UndoAt {
    /**
     * At a release, before anything else, in reverse order: what brings the service back on the old
     * side.
     */
    RELEASE_FIRST,
    /**
     * At a release, once the service is back; a failure here is a leftover that the next run takes
     * up again.
     */
    RELEASE,
    /** Kept for the next attempt; undone by {@code abort} only. */
    ABORT,
    /** Nothing to take back: the step only reads. */
    NEVER
}
