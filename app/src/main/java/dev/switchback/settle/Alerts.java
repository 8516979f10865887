package dev.switchback.settle;

import static dev.switchback.settle.AlertRule.Severity.CRITICAL;
import static dev.switchback.settle.AlertRule.Severity.INFO;
import static dev.switchback.settle.AlertRule.Severity.WARNING;
import static dev.switchback.settle.Condition.Op.ABOVE;
import static dev.switchback.settle.Condition.Op.BELOW;
import static dev.switchback.settle.Condition.Op.IS;

import dev.switchback.spec.Settle;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The one list of alerts: {@code watch} judges by it, and the PrometheusRule and the dashboard are
 * made of it. The first five are the guide's.
 */
public final class Alerts {
    public static final String CONNECTIVITY = "SwitchbackDatabaseUnreachable";
    public static final String ERRORS = "SwitchbackApplicationErrors";
    public static final String RESPONSE = "SwitchbackResponseSlow";
    public static final String BACKUP = "SwitchbackBackupFailed";
    public static final String CRASH = "SwitchbackCrashLoop";
    public static final String LINK = "SwitchbackReverseLinkBroken";
    public static final String VOLUME = "SwitchbackVolumeFilling";
    public static final String SLOT = "SwitchbackSlotKeepsWal";
    public static final String LATE_WRITER = "SwitchbackLateWriter";
    public static final String WINDOW = "SwitchbackRollbackWindowEnding";
    public static final String BLIND = "SwitchbackCannotRead";

    /** Looks in a row without a late writer until its alarm is over. */
    private static final int LATE_QUIET = 3;

    private Alerts() {}

    public static List<AlertRule> of(Settle settle) {
        Settle.Limits limits = settle.alerts();
        int looks = limits.looks();
        return List.of(
                new AlertRule(
                        CONNECTIVITY,
                        CRITICAL,
                        List.of(
                                new Condition(Metric.DATABASE_UP, Map.of("side", "target"), IS, 0),
                                Condition.of(Metric.PROBE_UP, IS, 0)),
                        Set.of(ReachReader.NAME, ProbeReader.NAME),
                        looks,
                        looks,
                        "an application cannot reach its database, or does not answer",
                        "switchback diagnose; kubectl get pods,svc,endpoints of the target"),
                new AlertRule(
                        ERRORS,
                        CRITICAL,
                        List.of(
                                Condition.of(
                                        Metric.APPLICATION_ERROR_RATIO, ABOVE, limits.errorRate()),
                                Condition.of(
                                        Metric.DATABASE_ROLLBACK_EXCESS_RATIO,
                                        ABOVE,
                                        limits.errorRate())),
                        Set.of(PodReader.NAME),
                        looks,
                        looks,
                        "the applications' error rate is above the limit",
                        "kubectl logs of the writer named; switchback diagnose; switchback rollback while nothing would be lost"),
                new AlertRule(
                        RESPONSE,
                        WARNING,
                        List.of(
                                Condition.of(
                                        Metric.QUERY_RESPONSE_RATIO,
                                        ABOVE,
                                        limits.responseFactor())),
                        Set.of(ResponseReader.NAME),
                        looks + 1,
                        looks,
                        "the database answers slower than its baseline by more than the factor",
                        "switchback diagnose; look at memory, storage and statistics of the target; ANALYZE"),
                new AlertRule(
                        BACKUP,
                        CRITICAL,
                        List.of(Condition.of(Metric.BACKUP_FAILED, ABOVE, 0)),
                        Set.of(BackupReader.NAME),
                        1,
                        1,
                        "a backup of the target failed, or its WAL is not archived",
                        "kubectl describe backup and the Cluster; mend the object store; switchback watch --once --backup"),
                new AlertRule(
                        CRASH,
                        CRITICAL,
                        List.of(Condition.of(Metric.PODS_CRASH_LOOPING, ABOVE, 0)),
                        Set.of(PodReader.NAME),
                        looks,
                        looks,
                        "pods of a writer crash again and again",
                        "kubectl logs --previous and kubectl describe of the pods named"),
                new AlertRule(
                        LINK,
                        CRITICAL,
                        List.of(
                                new Condition(
                                        Metric.LINK_UP, Map.of("direction", "reverse"), IS, 0)),
                        Set.of(WayBackReader.NAME),
                        looks,
                        looks,
                        "the reverse link does not carry the target's writes: going back would lose them",
                        "switchback status says why; decide to go back with --accept-data-loss or to stay: switchback close-rollback"),
                new AlertRule(
                        VOLUME,
                        WARNING,
                        List.of(
                                Condition.of(
                                        Metric.VOLUME_SECONDS_TO_FULL,
                                        BELOW,
                                        limits.fullWithin().toMillis() / 1e3),
                                Condition.of(
                                        Metric.VOLUME_USED_RATIO, ABOVE, limits.volumeShare())),
                        Set.of(ServerReader.TARGET, ServerReader.SOURCE),
                        looks,
                        looks,
                        "a volume is nearly full, or will be soon",
                        "enlarge the volume; find what grows; a slot that keeps WAL is named by "
                                + SLOT),
                new AlertRule(
                        SLOT,
                        WARNING,
                        List.of(
                                Condition.of(Metric.SLOT_RETAINED_RATIO, ABOVE, limits.slotShare()),
                                Condition.of(
                                        Metric.SLOT_SECONDS_TO_FULL,
                                        BELOW,
                                        limits.fullWithin().toMillis() / 1e3)),
                        Set.of(ServerReader.TARGET, ServerReader.SOURCE),
                        looks,
                        looks,
                        "a replication slot keeps much WAL, or will soon",
                        "make its subscriber follow again, or give the way back up: switchback close-rollback"),
                new AlertRule(
                        LATE_WRITER,
                        CRITICAL,
                        List.of(Condition.of(Metric.LATE_WRITERS, ABOVE, 0)),
                        Set.of(LateWriterReader.NAME),
                        1,
                        LATE_QUIET,
                        "somebody still comes to the old database",
                        "find it by the address and user named and point it at the target; nothing was written: the fence stands"),
                new AlertRule(
                        WINDOW,
                        INFO,
                        List.of(
                                Condition.of(
                                        Metric.ROLLBACK_WINDOW_SECONDS,
                                        BELOW,
                                        limits.windowEnding().toMillis() / 1e3)),
                        Set.of(WayBackReader.NAME),
                        1,
                        1,
                        "the rollback window ends soon, or is over",
                        "decide: switchback rollback, or switchback close-rollback"),
                new AlertRule(
                        BLIND,
                        WARNING,
                        List.of(Condition.of(Metric.READING_UP, IS, 0)),
                        Set.of(),
                        looks + 1,
                        1,
                        "something that must be watched cannot be read",
                        "make it readable; until then nobody knows"));
    }
}
