package dev.switchback.steps.cluster;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.health.ApplicationHealth;
import dev.switchback.health.ApplicationHealth.Database;
import dev.switchback.health.ApplicationHealth.Log;
import dev.switchback.health.ApplicationHealth.Trouble;
import dev.switchback.health.ApplicationHealth.Writer;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Every writer's pods are ready, none restarts, and their logs are calm: what is ill before the
 * migration would be blamed on it, and could not prove it a success.
 */
public final class CheckApplications extends Check {
    /** Lines a minute about the database above which a writer counts as ill. */
    private static final double DATABASE_ERRORS_A_MINUTE = 1;

    private static final double ERRORS_A_MINUTE = 30;

    public CheckApplications(World world) {
        super(
                world,
                Chapter.APPLICATION,
                "check-applications",
                "Check that the applications are healthy now");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        ApplicationHealth health =
                ApplicationHealth.read(
                        world.kube(),
                        world.writers(),
                        world.databases().stream().map(d -> world.source(d, id())).toList(),
                        world.exclusions());
        for (Writer writer : health.writers()) {
            writer(writer, findings);
        }
        for (Database database : health.databases()) {
            database(database, findings);
        }
    }

    private void writer(Writer writer, Findings findings) {
        String namespace = namespace(writer.name());
        String object = namespace + "/" + writer.name();
        for (Trouble trouble : writer.troubles()) {
            Problem problem =
                    new Problem(
                            Code.WRITER_UNHEALTHY,
                            namespace + "/" + trouble.pod(),
                            trouble.what(),
                            "kubectl -n "
                                    + namespace
                                    + " logs "
                                    + trouble.pod()
                                    + " --previous, and mend "
                                    + writer.name()
                                    + " first",
                            "a pod that is ill before the migration is ill after it, and then nobody"
                                    + " can tell whether the migration did it");
            if (trouble.serving()) {
                findings.warn(problem);
            } else {
                findings.block(problem);
            }
        }
        if (writer.troubles().isEmpty() && writer.ready() < writer.asked()) {
            findings.block(
                    new Problem(
                            Code.WRITER_UNHEALTHY,
                            object,
                            writer.ready() + " of " + writer.asked() + " pods are ready",
                            "kubectl -n " + namespace + " describe " + writer.name(),
                            "it would not start again after the migration either"));
        }
        log(object, writer, findings);
        findings.saw(
                writer.name(),
                "%d/%d ready, %d restarts, %.1f errors/min"
                        .formatted(
                                writer.ready(),
                                writer.asked(),
                                writer.restarts(),
                                writer.log().errorsPerMinute()));
    }

    private static void log(String object, Writer writer, Findings findings) {
        Log log = writer.log();
        if (log.databaseErrorsPerMinute() >= DATABASE_ERRORS_A_MINUTE
                || log.errorsPerMinute() >= ERRORS_A_MINUTE) {
            findings.warn(
                    new Problem(
                            Code.APPLICATION_ERRORS,
                            object,
                            "its logs hold %.1f error lines a minute, %.1f of them about the database (last %d s)"
                                    .formatted(
                                            log.errorsPerMinute(),
                                            log.databaseErrorsPerMinute(),
                                            log.seconds()),
                            "read them: kubectl logs " + writer.name() + " --since=5m",
                            "errors that are there before cannot be told from errors that the migration makes"));
        }
        if (!log.unread().isEmpty() && writer.troubles().isEmpty()) {
            findings.unknown(
                    new Problem(
                            Code.APPLICATION_ERRORS,
                            object,
                            "its logs cannot be read: " + log.unread(),
                            "grant the Role that 'switchback init --role' prints (pods/log)",
                            "what cannot be read now cannot be compared later"));
        }
    }

    private static void database(Database database, Findings findings) {
        findings.saw(
                "sessions." + database.name(),
                database.sessions().stream().mapToInt(s -> s.count()).sum()
                        + ", active "
                        + database.active());
        findings.saw(
                "latency." + database.name(),
                database.latencies().stream()
                        .map(l ->
                                String.format(
                                        Locale.ROOT, "%s %.1f ms", l.what(), l.micros() / 1_000.0))
                        .collect(Collectors.joining(", ")));
        findings.saw(
                "statements." + database.name(),
                database.statements().isEmpty()
                        ? database.statementsUnread()
                        : database.statements().size() + " measured");
    }

    private String namespace(String writer) {
        return world.writers().refs().stream()
                .filter(ref -> ref.toString().equals(writer))
                .findFirst()
                .orElseThrow()
                .namespace();
    }
}
