package dev.switchback.engine;

import dev.switchback.fault.Code;

/** Why a run is asked to stop from outside. */
public enum StopReason {
    /** Ctrl-C. */
    INTERRUPT(Code.INTERRUPTED, "stopped by Ctrl-C"),
    /** SIGTERM. */
    TERMINATE(Code.TERMINATED, "stopped by SIGTERM"),
    /** Asked for by this or another process. */
    REQUESTED(Code.REQUESTED_STOP, "stopped on request");

    private final Code code;
    private final String words;

    StopReason(Code code, String words) {
        this.code = code;
        this.words = words;
    }

    Code code() {
        return code;
    }

    String words() {
        return words;
    }
}
