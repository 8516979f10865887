package dev.switchback.spec;

import java.util.Locale;

/** What it means for the run that something outside could not be told or called. */
public enum OnFailure {
    WARN,
    /** The run ends there, resumable, where users have service; elsewhere it warns. */
    BLOCK;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
