package dev.switchback.engine;

import dev.switchback.fault.ExitCode;

/** How a run ended. */
public enum Outcome {
    /** Every step is journalled as done. */
    COMPLETED(ExitCode.OK),
    /** The phase that was asked for is done; resumable. */
    STOPPED_AT_PHASE(ExitCode.OK),
    /** Everything that serves was put back to the old side; the attempt is closed. */
    RELEASED(ExitCode.FAILED),
    /** A way back was taken back before its commit point; the target serves as before. */
    STAYED(ExitCode.FAILED),
    /** The release did not come to its end; the next run takes it up again. */
    RELEASE_INCOMPLETE(ExitCode.FAILED),
    /** Whether the other side was opened cannot be read: nothing undone, both sides closed. */
    COMMIT_UNKNOWN(ExitCode.FAILED),
    /** Past the commit point with steps left; nothing is undone, {@code forward} resumes. */
    INCOMPLETE_AFTER_COMMIT(ExitCode.FAILED),
    /** A gate is closed; resumable, nothing undone. */
    WAITING(ExitCode.WAITING),
    /** A person paused the migration; resumable, nothing undone. */
    PAUSED(ExitCode.WAITING),
    /** Stopped outside the downtime; resumable, nothing undone. */
    INTERRUPTED(ExitCode.INTERRUPTED),
    /** Everything taken back, what is kept between attempts included. */
    ABORTED(ExitCode.OK);

    private final ExitCode exit;

    Outcome(ExitCode exit) {
        this.exit = exit;
    }

    /** What it usually means for a script; {@link RunResult#exit} says it for one run. */
    public ExitCode exit() {
        return exit;
    }
}
