package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.CutoverTime;
import dev.switchback.runbook.Reached;
import dev.switchback.runbook.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "cutover",
        description = {
            "Approve the cutover and go on to the end, after 'migrate --until sync' (strategy online) or",
            "'--until prepare'. With --at it holds the migration, watches it, and begins then."
        })
final class CutoverCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "when to stop the writers: 2026-11-22T02:00:00Z, or 02:00 for the next 02:00 UTC")
    @Nullable String at;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask before the service is stopped")
    boolean yes;

    @Mixin RunMetricsOption metrics = new RunMetricsOption();

    @Override
    public Integer call() {
        Optional<Instant> time = Optional.ofNullable(at).map(t -> StartTime.of(t, Instant.now()));
        try (Stage stage = app.options.stage(m -> m.withCutoverAt(time));
                var _ = metrics.serve(stage)) {
            JournalState state = stage.requireState();
            Reached.cutover(state, stage.runbook());
            String when = time.map(t -> " at " + t + ", " + away(stage, t)).orElse("");
            return new GoForward(
                            app.options,
                            stage,
                            new Consent("switchback cutover", !yes),
                            Optional.empty())
                    .run(when, book -> begin(stage, book, time));
        }
    }

    private static String away(Stage stage, Instant time) {
        return "in " + CutoverTime.words(Duration.between(stage.world().clock().instant(), time));
    }

    private static Runbook begin(Stage stage, Runbook runbook, Optional<Instant> time) {
        if (Reached.beforeCommit(stage.requireState())) {
            stage.decide(JournalState::approvedBy);
        }
        time.filter(t -> !t.isAfter(stage.world().clock().instant()))
                .ifPresent(late -> {
                    throw new SwitchbackException(
                            Code.USAGE,
                            "--at",
                            "'" + late + "' has passed meanwhile",
                            "name a later time, or leave --at out");
                });
        return runbook;
    }
}
