package dev.switchback.settle;

import java.util.Locale;

/**
 * Everything that is measured, once: the names of the endpoint, of the alerts' expressions and of
 * the dashboard. Named by Prometheus' conventions: base units, {@code _total} for what only grows.
 */
public enum Metric {
    READING_UP("gauge", "", "1 when a reading could be taken at the last look, else 0"),
    WATCH_LAST_LOOK_TIMESTAMP_SECONDS("gauge", "s", "when both sides were last looked at"),
    WATCHED_SECONDS("gauge", "s", "time that was really watched since the switch"),
    STABLE_SINCE_TIMESTAMP_SECONDS(
            "gauge", "s", "start of the stretch without a firing alert; absent while one fires"),
    ALERT_FIRING("gauge", "", "1 while an alert fires, after as many looks as it wants"),

    DATABASE_UP("gauge", "", "1 when a login through this Service of this side was answered"),
    PROBE_UP("gauge", "", "1 when a declared URL answered as expected"),
    CONNECTIONS("gauge", "", "client connections by database and state"),
    CONNECTIONS_MAX("gauge", "", "max_connections of the server"),
    QUERY_RESPONSE_SECONDS("gauge", "s", "median response of one of our own measurements"),
    QUERY_RESPONSE_RATIO(
            "gauge", "", "that response by a baseline's; below a millisecond counts as one"),
    STATEMENT_MEAN_SECONDS(
            "gauge", "s", "mean time of a costly statement of the applications, by its digest"),
    TRANSACTIONS_TOTAL("counter", "", "transactions of a database by outcome"),
    DEADLOCKS_TOTAL("counter", "", "deadlocks of a database"),
    DATABASE_ROLLBACK_EXCESS_RATIO(
            "gauge",
            "",
            "share of transactions rolled back since the last look, less the source's usual share"),

    APPLICATION_ERROR_RATIO(
            "gauge", "", "share of a writer's log lines since the last look that tell of an error"),
    APPLICATION_DATABASE_ERRORS(
            "gauge",
            "",
            "log lines of a writer since the last look that complain about a database"),
    PODS_READY("gauge", "", "pods of a writer that are ready"),
    PODS_WANTED("gauge", "", "pods that a writer is set to run"),
    POD_RESTARTS("gauge", "", "restarts of a writer's present pods"),
    PODS_CRASH_LOOPING("gauge", "", "pods in CrashLoopBackOff, and restarts since the last look"),

    DATABASE_SIZE_BYTES("gauge", "bytes", "size of a database"),
    VOLUME_CAPACITY_BYTES("gauge", "bytes", "size of the smallest data volume of a side"),
    VOLUME_USED_BYTES("gauge", "bytes", "databases and WAL of a side: an estimate"),
    VOLUME_USED_RATIO("gauge", "", "used by capacity"),
    VOLUME_SECONDS_TO_FULL(
            "gauge", "s", "until the volume is full at its growth; absent while it does not grow"),
    SLOT_RETAINED_BYTES("gauge", "bytes", "WAL that a replication slot keeps"),
    SLOT_RETAINED_RATIO(
            "gauge", "", "that by max_slot_wal_keep_size, or by the volume where it has no limit"),
    SLOT_SECONDS_TO_FULL("gauge", "s", "until a slot's limit at its growth; absent without growth"),

    BACKUP_FAILED("gauge", "", "1 when the newest backup failed, or WAL is not archived"),
    BACKUP_LAST_SUCCESS_TIMESTAMP_SECONDS("gauge", "s", "end of the newest completed backup"),
    BACKUP_PROVEN("gauge", "", "1 when a first backup and WAL after it are proven"),
    BACKUP_SCHEDULES("gauge", "", "schedules of backups that are not suspended"),

    LINK_UP("gauge", "", "1 while a replication link carries every change"),
    LINK_LAG_BYTES("gauge", "bytes", "WAL that a link's subscriber has not confirmed"),
    LINK_LAG_SECONDS("gauge", "s", "age of the newest heartbeat that a link carried"),
    ROLLBACK_STATE("gauge", "", "1 for what going back would cost now"),
    ROLLBACK_WINDOW_SECONDS("gauge", "s", "until the declared end of the rollback window"),
    LATE_WRITERS("gauge", "", "sessions and refused statements on the fenced source, last look"),
    LATE_WRITERS_KNOWN("gauge", "", "different late writers seen since the switch"),

    MIGRATION_STATUS("gauge", "", "1 for where the migration stands"),
    MIGRATION_ATTEMPT("gauge", "", "forward tries"),
    MIGRATION_STEPS_DONE("gauge", "", "steps of the journal that are done"),
    MIGRATION_STEPS("gauge", "", "steps of the runbook"),
    MIGRATION_STEP("gauge", "", "1 for the step that is being done"),
    MIGRATION_WRITE_PAUSE_SECONDS("gauge", "s", "from the fence to the commit point"),
    MIGRATION_DOWNTIME_SECONDS("gauge", "s", "from the first writer stopped until all were ready");

    private final String type;
    private final String unit;
    private final String help;

    Metric(String type, String unit, String help) {
        this.type = type;
        this.unit = unit;
        this.help = help;
    }

    /** As exposed: {@code switchback_database_up}. */
    public String id() {
        return "switchback_" + name().toLowerCase(Locale.ROOT);
    }

    /** {@code gauge} or {@code counter}. */
    public String type() {
        return type;
    }

    /** {@code s}, {@code bytes} or empty. */
    public String unit() {
        return unit;
    }

    public String help() {
        return help;
    }
}
