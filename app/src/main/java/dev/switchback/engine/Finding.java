package dev.switchback.engine;

import dev.switchback.fault.Problem;

/** One thing a look found, beside its evidence. */
public record Finding(Level level, Problem problem) {

    /** How much it weighs. */
    public enum Level {
        /** Worth knowing; blocks nothing. */
        WARN,
        /** Would block, but the document accepts it by name, with a reason. */
        OVERRIDDEN,
        /** Could not be read; blocks like a failure. */
        UNKNOWN,
        FAIL;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        public boolean blocks() {
            return this == UNKNOWN || this == FAIL;
        }
    }
}
