package dev.switchback.steps.cluster;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.workload.CronTimes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** No backup of either side runs, and none is due while the cutover may run. */
public final class CheckSchedules extends Check {
    private static final Set<String> UNDER_WAY =
            Set.of("pending", "started", "running", "finalizing");
    private static final String WHY =
            "a backup reads everything, holds a snapshot, and slows both the copy and the way back";

    public CheckSchedules(World world) {
        super(world, Chapter.TIMING, "check-schedules", "Find backups that run or are due");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        Span span = Span.of(world.migration().window(), Instant.now());
        logicalBackup(span, findings);
        targetBackups(findings);
        scheduled(span, findings);
        baseBackups(world.source("postgres", id()), world.source().display(), findings);
        baseBackups(world.targetReader("postgres", id()), world.target().display(), findings);
        findings.saw(span.declared() ? "window" : "until", span.from() + " to " + span.to());
    }

    /** Zalando's CronJob and its Jobs. */
    private void logicalBackup(Span span, Findings findings) {
        Kube kube = world.kube();
        String namespace = world.source().namespace();
        String full = "logical-backup-" + world.source().name();
        String name = full.length() > 52 ? full.substring(0, 52) : full;
        Optional<KubeObject> cron = kube.get(Kind.CRON_JOB, namespace, name);
        for (KubeObject job : kube.list(Kind.JOB, namespace, Map.of())) {
            if (job.owners().contains("CronJob/" + name)
                    && job.status().path("active").asInt(0) > 0) {
                findings.block(
                        running(
                                job.display(),
                                "the logical backup of the source runs since "
                                        + job.status().path("startTime").asText("a while"),
                                "kubectl wait --for=condition=complete job/"
                                        + job.name()
                                        + " -n "
                                        + namespace));
            }
        }
        if (cron.isEmpty() || cron.get().spec().path("suspend").asBoolean(false)) {
            return;
        }
        String schedule = cron.get().spec().path("schedule").asText();
        try {
            CronTimes.parse(schedule, cron.get().spec().path("timeZone").asText(""))
                    .next(span.from(), span.to())
                    .ifPresent(at ->
                            due(
                                    cron.get().display(),
                                    "the logical backup of the source ("
                                            + schedule
                                            + ") is due at "
                                            + at,
                                    "move the window, or set enableLogicalBackup: false on the"
                                            + " postgresql object for the time",
                                    span,
                                    findings));
            findings.saw("logicalBackup", schedule);
        } catch (RuntimeException e) {
            findings.unknown(
                    new Problem(
                            Code.NOT_READABLE,
                            cron.get().display(),
                            "its schedule cannot be understood: " + e.getMessage(),
                            "suspend the CronJob for the migration",
                            WHY));
        }
    }

    private void targetBackups(Findings findings) {
        for (KubeObject backup :
                world.targetKube().list(Kind.BACKUP, world.target().namespace(), Map.of())) {
            String phase = backup.status().path("phase").asText("pending");
            if (isTargets(backup) && UNDER_WAY.contains(phase)) {
                findings.block(
                        running(
                                backup.display(),
                                "a backup of the target is '"
                                        + phase
                                        + "' since "
                                        + backup.status().path("startedAt").asText("a while"),
                                "kubectl get backup "
                                        + backup.name()
                                        + " -n "
                                        + backup.namespace()
                                        + " -w, and wait for its end"));
            }
        }
    }

    private void scheduled(Span span, Findings findings) {
        for (KubeObject schedule :
                world.targetKube()
                        .list(Kind.SCHEDULED_BACKUP, world.target().namespace(), Map.of())) {
            if (!isTargets(schedule) || schedule.spec().path("suspend").asBoolean(false)) {
                continue;
            }
            String next = schedule.status().path("nextScheduleTime").asText("");
            String text = schedule.spec().path("schedule").asText();
            try {
                Instant at =
                        next.isEmpty()
                                ? CronTimes.parse(text.replaceFirst("^\\S+\\s+", ""), "")
                                        .next(span.from(), span.to())
                                        .orElse(span.to())
                                : Instant.parse(next);
                if (span.holds(at)) {
                    due(
                            schedule.display(),
                            "a backup of the target (" + text + ") is due at " + at,
                            "kubectl patch scheduledbackup "
                                    + schedule.name()
                                    + " -n "
                                    + schedule.namespace()
                                    + " --type merge -p '{\"spec\":{\"suspend\":true}}'",
                            span,
                            findings);
                }
            } catch (DateTimeParseException | IllegalArgumentException e) {
                findings.unknown(
                        new Problem(
                                Code.NOT_READABLE,
                                schedule.display(),
                                "when it runs next cannot be understood: " + e.getMessage(),
                                "suspend it for the migration",
                                WHY));
            }
        }
    }

    private boolean isTargets(KubeObject object) {
        return object.spec()
                .path("cluster")
                .path("name")
                .asText()
                .equals(world.target().object().name());
    }

    private void baseBackups(ConnectionSpec spec, String object, Findings findings)
            throws SQLException {
        try (Connection connection = Pg.open(spec)) {
            if (Pg.major(connection) < 13) {
                return; // the server does not count them yet
            }
            for (String phase :
                    Sql.list(
                            connection,
                            "SELECT coalesce(phase, 'starting') FROM pg_stat_progress_basebackup",
                            row -> row.getString(1))) {
                findings.block(
                        running(
                                object,
                                "a base backup runs: " + phase,
                                "wait for its end: SELECT * FROM pg_stat_progress_basebackup"));
            }
        }
    }

    private static Problem running(String object, String what, String remedy) {
        return new Problem(Code.BACKUP_RUNNING, object, what, remedy, WHY);
    }

    /** Inside a window that the document names it must not be; else it is worth knowing. */
    private static void due(
            String object, String what, String remedy, Span span, Findings findings) {
        Problem problem = new Problem(Code.BACKUP_DUE, object, what, remedy, WHY);
        if (span.declared()) {
            findings.block(problem);
        } else {
            findings.warn(problem);
        }
    }
}
