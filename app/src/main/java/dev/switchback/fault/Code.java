package dev.switchback.fault;

/**
 * Stable error codes: a code never changes its meaning. The hundreds follow the rooms: 1xx usage
 * and document, 2xx Kubernetes, 3xx PostgreSQL, 4xx data plane, 5xx engine and journal, 9xx our own
 * mistakes.
 */
public enum Code {
    USAGE("SB-100", ExitCode.USAGE),
    DOCUMENT_INVALID("SB-101", ExitCode.USAGE),
    DOCUMENT_NOT_FOUND("SB-102", ExitCode.NOT_FOUND),
    NOT_SUPPORTED_YET("SB-103", ExitCode.USAGE),

    KUBE_UNREACHABLE("SB-200", ExitCode.FAILED),
    KUBE_FORBIDDEN("SB-201", ExitCode.BLOCKED),
    KUBE_NOT_FOUND("SB-202", ExitCode.NOT_FOUND),
    KUBE_CONFLICT("SB-203", ExitCode.FAILED),
    KUBE_FAILED("SB-204", ExitCode.FAILED),
    CLUSTER_UNHEALTHY("SB-210", ExitCode.BLOCKED),
    SECRET_INCOMPLETE("SB-211", ExitCode.BLOCKED),
    ENDPOINT_MISSING("SB-212", ExitCode.BLOCKED),
    WRITERS_NOT_STOPPED("SB-213", ExitCode.FAILED),
    WRITERS_NOT_READY("SB-214", ExitCode.FAILED),
    CLUSTER_UNSETTLED("SB-220", ExitCode.BLOCKED),
    PRIMARY_AMBIGUOUS("SB-221", ExitCode.BLOCKED),
    CONTROLLER_REVERTS("SB-222", ExitCode.BLOCKED),
    WRITER_UNDECLARED("SB-223", ExitCode.BLOCKED),
    CLIENT_UNDECLARED("SB-224", ExitCode.BLOCKED),
    WRITER_UNHEALTHY("SB-225", ExitCode.BLOCKED),
    JOB_RUNNING("SB-226", ExitCode.BLOCKED),
    BACKUP_RUNNING("SB-227", ExitCode.BLOCKED),
    BACKUP_DUE("SB-228", ExitCode.BLOCKED),
    VOLUME_TOO_SMALL("SB-229", ExitCode.BLOCKED),
    NODES_SHORT("SB-230", ExitCode.BLOCKED),
    CONNECTIONS_SHORT("SB-231", ExitCode.BLOCKED),
    POOLER_NOT_READY("SB-232", ExitCode.BLOCKED),
    NOT_QUIET("SB-233", ExitCode.BLOCKED),
    OUTSIDE_WINDOW("SB-234", ExitCode.BLOCKED),
    MAINTENANCE_WINDOW("SB-235", ExitCode.BLOCKED),
    NOT_READABLE("SB-236", ExitCode.BLOCKED),
    APPLICATION_ERRORS("SB-237", ExitCode.BLOCKED),

    PG_UNREACHABLE("SB-300", ExitCode.FAILED),
    PG_LOGIN_REFUSED("SB-301", ExitCode.BLOCKED),
    PG_TLS("SB-302", ExitCode.BLOCKED),
    PG_PRIVILEGE("SB-303", ExitCode.BLOCKED),
    PG_STANDBY("SB-304", ExitCode.BLOCKED),
    PG_VERSION("SB-305", ExitCode.BLOCKED),
    PG_TOOLS("SB-306", ExitCode.BLOCKED),
    PG_FAILED("SB-307", ExitCode.FAILED),
    EXTENSION_MISSING("SB-310", ExitCode.BLOCKED),
    ROLE_NOT_PORTABLE("SB-311", ExitCode.BLOCKED),
    TARGET_NOT_EMPTY("SB-312", ExitCode.BLOCKED),
    PREPARED_TRANSACTIONS("SB-313", ExitCode.BLOCKED),
    DATABASE_MISSING("SB-314", ExitCode.NOT_FOUND),
    DATABASE_SETTINGS("SB-315", ExitCode.BLOCKED),

    SCHEMA_DUMP("SB-400", ExitCode.FAILED),
    SCHEMA_RESTORE("SB-401", ExitCode.FAILED),
    SCHEMA_DRIFT("SB-402", ExitCode.FAILED),
    COPY_FAILED("SB-410", ExitCode.FAILED),
    ROW_TOO_LARGE("SB-411", ExitCode.BLOCKED),
    OWNER_MISSING("SB-412", ExitCode.BLOCKED),
    CONTENT_DIFFERS("SB-420", ExitCode.DIFFERENT),
    CONTENT_NOT_PROVEN("SB-421", ExitCode.FAILED),
    FENCE_INCOMPLETE("SB-430", ExitCode.FAILED),
    FENCE_BROKEN("SB-431", ExitCode.FAILED),
    SOURCE_NOT_QUIET("SB-432", ExitCode.FAILED),
    PROBE_FAILED("SB-440", ExitCode.FAILED),

    CONNINFO_INVALID("SB-470", ExitCode.USAGE),
    CONNINFO_UNSUPPORTED("SB-471", ExitCode.USAGE),
    SERVICE_NOT_FOUND("SB-472", ExitCode.NOT_FOUND),
    NO_SUCH_TABLE("SB-473", ExitCode.NOT_FOUND),

    STEP_FAILED("SB-500", ExitCode.FAILED),
    STEP_TIMEOUT("SB-501", ExitCode.FAILED),
    GUARD_BROKEN("SB-502", ExitCode.FAILED),
    GATE_CLOSED("SB-503", ExitCode.WAITING),
    LOCKED("SB-510", ExitCode.LOCKED),
    EPOCH_LOST("SB-511", ExitCode.LOCKED),
    JOURNAL_OTHER("SB-512", ExitCode.BLOCKED),
    JOURNAL_UNREADABLE("SB-513", ExitCode.FAILED),
    JOURNAL_NOT_FOUND("SB-514", ExitCode.NOT_FOUND),
    COMMIT_UNKNOWN("SB-520", ExitCode.FAILED),
    WOULD_LOSE_WRITES("SB-521", ExitCode.BLOCKED),
    UNDO_FAILED("SB-522", ExitCode.FAILED),
    INTERRUPTED("SB-530", ExitCode.INTERRUPTED),
    TERMINATED("SB-531", ExitCode.TERMINATED),
    REQUESTED_STOP("SB-532", ExitCode.FAILED),
    DRILL("SB-540", ExitCode.FAILED),

    BUG("SB-900", ExitCode.FAILED);

    private final String id;
    private final ExitCode exit;

    Code(String id, ExitCode exit) {
        this.id = id;
        this.exit = exit;
    }

    /** The printed form, for example {@code SB-312}. */
    public String id() {
        return id;
    }

    public ExitCode exit() {
        return exit;
    }

    /**
     * The exit code when a check meets this: what cannot be read blocks like what is wrong, because
     * nothing was begun that could have failed.
     */
    public ExitCode exitOfCheck() {
        return exit == ExitCode.FAILED ? ExitCode.BLOCKED : exit;
    }
}
