package dev.switchback.steps.validation;

/** What the two sides have in common now, and so what their rows can be compared for. */
public enum Cut {
    /** Neither side can have been written since they were made equal: any difference is one. */
    QUIET,
    /** The source stands still behind its fence; the target may have been written since. */
    SOURCE_FENCED,
    /** The source is written: its rows and the target's were never one state. */
    NONE
}
