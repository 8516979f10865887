package dev.switchback.cli;

import dev.switchback.engine.Phase;
import dev.switchback.engine.Run;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Checks;
import dev.switchback.runbook.Drill;
import dev.switchback.runbook.Stage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "migrate",
        description = {
            "Migrate: run the runbook, or resume it. Until the commit point any failure, Ctrl-C or SIGTERM",
            "puts everything back to the source."
        })
final class MigrateCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--until",
            paramLabel = "PHASE",
            description = "stop after check, prepare, cutover or settle")
    @Nullable Phase until;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask before the service is stopped")
    boolean yes;

    @Option(names = "--dry-run", description = "run the checks only; see also plan")
    boolean dryRun;

    @Option(
            names = "--drill-fail-at",
            paramLabel = "STEP",
            hidden = true,
            description = "practice: fail after this step has acted")
    @Nullable String drillFailAt;

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            if (dryRun) {
                return dryRun(stage);
            }
            confirm(stage);
            Runbook runbook = stage.offline();
            if (drillFailAt != null) {
                runbook = Drill.failAt(runbook, drillFailAt);
            }
            Run run = stage.run(runbook, Optional.ofNullable(until));
            Shutdown.on(run);
            RunResult result = run.forward();
            Results.print(app.options, stage, runbook, result);
            return result.exit().code();
        }
    }

    private Integer dryRun(Stage stage) {
        List<Checks.Result> results =
                Checks.run(stage.offline(), stage.world().runId(), stage.uidOrEmpty());
        Output.print(
                app.options.output,
                CheckCommand.document(stage, results),
                () -> CheckCommand.text(results));
        return CheckCommand.exit(results).code();
    }

    /** A cutover stops the service: a person says so, or {@code --yes} does. */
    private void confirm(Stage stage) {
        if (yes || until == Phase.CHECK || until == Phase.PREPARE) {
            return;
        }
        if (!Terminal.interactive()) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "switchback migrate",
                    "this stops the service, and there is no terminal to ask on",
                    "pass --yes");
        }
        String name = stage.migration().target().cluster();
        String typed =
                Terminal.ask(
                        "This stops "
                                + String.join(", ", stage.world().writers().settings().keySet())
                                + " and switches them to "
                                + name
                                + ". Type '"
                                + name
                                + "' to go on: ");
        if (typed == null || !typed.equals(name)) {
            throw new SwitchbackException(
                    Code.USAGE, "switchback migrate", "not confirmed", "nothing was changed");
        }
    }
}
