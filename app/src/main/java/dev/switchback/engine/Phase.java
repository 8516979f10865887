package dev.switchback.engine;

/** The guide's phases, in order. */
public enum Phase {
    CHECK,
    PREPARE,
    SYNC,
    CUTOVER,
    SETTLE,
    CLEANUP;

    /** As written in commands and documents: {@code cutover}. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
