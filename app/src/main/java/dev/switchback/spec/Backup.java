package dev.switchback.spec;

import java.util.Locale;

/** The safety backup of the source (the guide's step 1.1). */
public record Backup(Backup.At at, Backup.Mode mode) {
    /** When it is taken: while the writers still run, or behind the fence. */
    public enum At {
        PREPARE,
        FENCE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Taken by us, found and judged, or not wanted. */
    public enum Mode {
        DUMP,
        EXISTING,
        NONE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
