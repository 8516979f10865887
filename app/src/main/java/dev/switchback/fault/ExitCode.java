package dev.switchback.fault;

/** Process exit codes, an interface for scripts; documented in docs/exit-codes.md. */
public enum ExitCode {
    OK(0, "done, or nothing to do"),
    FAILED(1, "failed; what was put back is said"),
    USAGE(2, "the command line or the document is wrong; nothing was changed"),
    BLOCKED(3, "a check or a missing prerequisite blocks; nothing was changed"),
    DIFFERENT(4, "source and target differ; 'diagnose' found a cause"),
    WAITING(5, "waiting for a person"),
    LOCKED(6, "another run holds the migration"),
    NOT_FOUND(7, "the object named does not exist"),
    INTERRUPTED(130, "interrupted (Ctrl-C), resumable"),
    TERMINATED(143, "terminated (SIGTERM), resumable");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}
