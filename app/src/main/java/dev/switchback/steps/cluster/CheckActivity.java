package dev.switchback.steps.cluster;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * It is a quiet hour and the right one: transactions a second now against the average since the
 * counters began, the document's window, and the operator's maintenance windows. Warns only; what
 * refuses to begin a cutover outside the window is the cutover's own gate.
 */
public final class CheckActivity extends Check {
    /** Counters reach the views within a second. */
    private static final long SAMPLE_MILLIS = 1_500;

    private static final double BUSY_FACTOR = 3;
    private static final double BUSY_LEAST = 50;
    private static final double HISTORY_SECONDS = 3_600;

    public CheckActivity(World world) {
        super(world, Chapter.TIMING, "check-activity", "Check that it is a quiet hour");
    }

    private record Count(double transactions, double at, double since) {}

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        window(findings);
        maintenance(findings);
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            Count first = count(source);
            Thread.sleep(SAMPLE_MILLIS);
            Count last = count(source);
            double now = (last.transactions() - first.transactions()) / (last.at() - first.at());
            double history = first.at() - first.since();
            double average = first.transactions() / Math.max(1, history);
            findings.saw("transactionsPerSecond", "%.1f".formatted(now));
            if (history < HISTORY_SECONDS) {
                findings.saw("average", "unknown: the counters are younger than an hour");
                return;
            }
            findings.saw("average", "%.1f".formatted(average));
            if (now > BUSY_LEAST && now > BUSY_FACTOR * average) {
                findings.warn(
                        new Problem(
                                Code.NOT_QUIET,
                                world.source().display(),
                                "%.0f transactions/s now, %.0f on average".formatted(now, average),
                                "choose a quieter hour",
                                "more users meet the pause, and there is more to drain"));
            }
        }
    }

    private Count count(Connection source) throws SQLException {
        return Sql.list(
                        source,
                        """
                        SELECT sum(xact_commit + xact_rollback)::float8,
                               extract(epoch FROM clock_timestamp())::float8,
                               extract(epoch FROM coalesce(min(stats_reset), pg_postmaster_start_time()))::float8
                        FROM pg_stat_database WHERE datname = ANY (?)
                        """,
                        row -> new Count(row.getDouble(1), row.getDouble(2), row.getDouble(3)),
                        source.createArrayOf("text", world.databases().toArray()))
                .getFirst();
    }

    private void window(Findings findings) {
        Instant now = Instant.now();
        Span span = Span.of(world.migration().window(), now);
        if (span.declared() && !span.holds(now)) {
            findings.warn(
                    new Problem(
                            Code.OUTSIDE_WINDOW,
                            "spec.window",
                            "it is outside the window; the next is "
                                    + span.from()
                                    + " to "
                                    + span.to(),
                            "begin the cutover then",
                            "the window is when your users expect a pause"));
        }
    }

    private void maintenance(Findings findings) {
        Instant now = Instant.now();
        for (var entry : world.source().object().spec().path("maintenanceWindows")) {
            MaintenanceWindow.parse(entry.asText())
                    .ifPresentOrElse(
                            window -> {
                                if (window.holds(now)) {
                                    findings.warn(
                                            maintenance(
                                                    "its maintenance window '"
                                                            + entry.asText()
                                                            + "' holds now"));
                                }
                            },
                            () ->
                                    findings.warn(
                                            maintenance(
                                                    "its maintenance window '"
                                                            + entry.asText()
                                                            + "' cannot be understood")));
        }
    }

    private Problem maintenance(String what) {
        return new Problem(
                Code.MAINTENANCE_WINDOW,
                world.source().display(),
                what,
                "migrate outside spec.maintenanceWindows of the postgresql object",
                "the operator may move pods or upgrade the source then");
    }
}
