package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.progress.Progress;
import dev.switchback.runbook.RunMetrics;
import dev.switchback.runbook.Stage;
import dev.switchback.runbook.Watching;
import dev.switchback.settle.Exposition;
import dev.switchback.settle.MetricsServer;
import dev.switchback.settle.Sample;
import dev.switchback.settle.Watch;
import dev.switchback.settle.WatchRecord;
import dev.switchback.settle.WatchRecord.AlertState;
import dev.switchback.spec.Durations;
import dev.switchback.view.WatchDocuments.WatchReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "watch",
        description = {
            "After the switch: look at both sides again and again, and say what fires and what clears.",
            "What was found is kept in the cluster: a second watch goes on. Ends with 1 while an alert fires."
        })
final class WatchCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description =
                    "so long from now, for example 2h; without it until spec.settle.watch was watched in all")
    @Nullable String duration;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            description = "between two looks, for example 30s; overrides spec.settle.interval")
    @Nullable String interval;

    @Option(names = "--once", description = "one look, then print what is known")
    boolean once;

    @Option(
            names = "--backup",
            description =
                    "first ask for a backup of the target, wait for it, and prove that WAL after it is archived")
    boolean backup;

    @Option(
            names = "--listen",
            paramLabel = "ADDR:PORT",
            description = "serve what is seen to Prometheus at /metrics")
    @Nullable String listen;

    @Override
    public Integer call() throws InterruptedException {
        @Nullable Duration length = duration == null ? null : time("--for", duration);
        SignalStopper stopper = SignalStopper.armed();
        AtomicReference<List<Sample>> seen = new AtomicReference<>(List.of());
        try (Stage stage =
                        app.options.stage(migration ->
                                interval == null
                                        ? migration
                                        : migration.withWatchInterval(
                                                time("--interval", interval)));
                var _ = serve(stage, seen)) {
            Watch watch = Watching.of(stage, app.options.progress());
            if (backup) {
                watch.proveBackup(stopper);
            }
            WatchRecord record =
                    watch.run(
                            until(stage, length),
                            stopper,
                            (look, r) -> {
                                seen.set(Exposition.of(look, r));
                                System.err.println(WatchViews.line(look, r));
                                dayAfter(stage, r);
                            });
            WatchReport report = WatchViews.report(stage, record, watch.last());
            Output.print(app.options.output, report, () -> WatchViews.text(report));
            return exit(stage, record).code();
        } catch (InterruptedException e) {
            throw new SwitchbackException(
                    Code.INTERRUPTED,
                    "watch",
                    "interrupted; what was found is kept",
                    "run it again: it goes on");
        } catch (SwitchbackException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the metrics do not close", e);
        }
    }

    /** {@code t+24h} of the communication plan; what cannot be announced ends no watching. */
    private void dayAfter(Stage stage, WatchRecord record) throws InterruptedException {
        try {
            stage.announcer()
                    .due(
                            stage.requireState(),
                            stage.runbook(),
                            stage.world().clock().instant(),
                            record.transitions().stream()
                                    .filter(e -> e.change().equals("fired"))
                                    .map(e -> e.alert() + " at " + e.at() + ": " + e.what())
                                    .toList());
        } catch (SwitchbackException e) {
            app.options.progress().on(new Progress.Warning(e.problem()));
        }
    }

    private static Duration time(String option, String text) {
        return Durations.parse(text)
                .filter(d -> !d.isZero())
                .orElseThrow(() ->
                        new SwitchbackException(
                                Code.USAGE,
                                option,
                                "'" + text + "' is not a duration",
                                "write it like 30s, 5m or 48h"));
    }

    private AutoCloseable serve(Stage stage, AtomicReference<List<Sample>> seen) {
        if (listen == null) {
            return () -> {};
        }
        RunMetrics run = new RunMetrics(stage);
        MetricsServer server =
                MetricsServer.start(
                        listen,
                        () -> {
                            List<Sample> all = new ArrayList<>(seen.get());
                            all.addAll(run.get());
                            return all;
                        });
        System.err.println("metrics: http://" + server.address() + "/metrics");
        return server;
    }

    private Watch.Until until(Stage stage, @Nullable Duration length) {
        if (once) {
            return (record, now) -> true;
        }
        if (length == null) {
            Duration wanted = stage.migration().settle().watch();
            return (record, now) -> record.watched().compareTo(wanted) >= 0;
        }
        Instant end = stage.world().clock().instant().plus(length);
        return (record, now) -> !now.isBefore(end);
    }

    /** What cannot be read is not fine, and what only reminds does not fail. */
    private static ExitCode exit(Stage stage, WatchRecord record) {
        String result = WatchViews.result(record);
        if (result.equals("fine")) {
            return ExitCode.OK;
        }
        List<String> names =
                record.alerts().stream()
                        .filter(a -> !a.state().equals(AlertState.OK))
                        .map(a -> a.alert() + " is " + a.state())
                        .toList();
        System.err.println(
                "error: "
                        + new Problem(
                                        Code.ALERT_FIRING,
                                        stage.migration().display(),
                                        String.join(", ", names),
                                        "see each alert's remedy in the result")
                                .line());
        return Code.ALERT_FIRING.exit();
    }
}
