package dev.switchback.cli;

import dev.switchback.engine.Phase;
import dev.switchback.engine.Run;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Checks;
import dev.switchback.runbook.Drill;
import dev.switchback.runbook.PlanHash;
import dev.switchback.runbook.PlanSections;
import dev.switchback.runbook.Stage;
import dev.switchback.spec.Backup;
import dev.switchback.spec.EndpointFile;
import dev.switchback.spec.Migration;
import dev.switchback.spec.Quantity;
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
            names = "--plan",
            paramLabel = "HASH",
            description =
                    "refuse when what 'plan' printed this hash for is not what is there any more")
    @Nullable String plan;

    @Option(
            names = "--max-rate",
            paramLabel = "SIZE",
            description = {
                "most that the safety backup reads a second, for example 20Mi; overrides spec.backup.maxRate"
            })
    @Nullable String maxRate;

    @Option(
            names = "--drill-fail-at",
            paramLabel = "STEP",
            hidden = true,
            description = "practice: fail after this step has acted")
    @Nullable String drillFailAt;

    @Override
    public Integer call() {
        Optional<PlanHash> agreed = Optional.ofNullable(plan).map(PlanHash::parse);
        try (Stage stage = app.options.stage(this::limited)) {
            agreed.ifPresent(hash -> requirePlan(stage, hash));
            if (dryRun) {
                return CheckCommand.tell(app.options, stage, CheckCommand.look(stage)).code();
            }
            requireSomeoneToAsk();
            Runbook runbook = stage.offline();
            if (nothingUnderWay(stage)) {
                long at = System.nanoTime();
                List<Checks.Result> results = CheckCommand.look(stage);
                if (CheckCommand.exit(results) != ExitCode.OK) {
                    return CheckCommand.tell(app.options, stage, results).code();
                }
                runbook = Checks.justLooked(runbook, results, at);
            }
            confirm(stage);
            if (drillFailAt != null) {
                runbook = Drill.failAt(runbook, drillFailAt);
            }
            Run run = stage.run(runbook, Optional.ofNullable(until));
            Shutdown.on(run);
            RunResult result = run.forward();
            Results.print(app.options, stage, result);
            return result.exit().code();
        }
    }

    /** A run that has begun the cutover has itself changed what the plan was made of. */
    private static void requirePlan(Stage stage, PlanHash agreed) {
        if (PlanSections.overtaken(stage.state())) {
            System.err.println(
                    "the plan is not compared again: the run that it was made for is under way");
        } else {
            new PlanSections(stage.world(), stage.offline()).require(agreed);
        }
    }

    private Migration limited(Migration migration) {
        if (maxRate == null) {
            return migration;
        }
        if (migration.backup().filter(b -> b.mode() == Backup.Mode.DUMP).isEmpty()) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "--max-rate",
                    "the document takes no backup whose rate could be limited",
                    "write spec.backup.mode: dump, or leave --max-rate out");
        }
        return migration.withBackupRate(
                Quantity.parse(maxRate)
                        .filter(bytes -> bytes > 0)
                        .orElseThrow(() ->
                                new SwitchbackException(
                                        Code.USAGE,
                                        "--max-rate",
                                        "'" + maxRate + "' is not a size",
                                        "write it like 20Mi")));
    }

    /**
     * Then all checks are looked at before the lock is taken and the journal begun: what is blocked
     * is told whole, as {@code check} tells it, and leaves nothing behind. The run journals what
     * was just seen, or looks again when that has aged.
     */
    private static boolean nothingUnderWay(Stage stage) {
        return stage.state()
                .map(state ->
                        switch (state.status()) {
                            case NEW, RELEASED, ABORTED, RETURNED -> state.run() == null;
                            case RUNNING, RELEASING, COMMITTED, COMPLETED, RETURNING -> false;
                        })
                .orElse(true);
    }

    private boolean consentNeeded() {
        return !yes && until != Phase.CHECK && until != Phase.PREPARE;
    }

    private void requireSomeoneToAsk() {
        if (consentNeeded() && !Terminal.interactive()) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "switchback migrate",
                    "this stops the service, and there is no terminal to ask on",
                    "pass --yes");
        }
    }

    /** A cutover stops the service: a person says so, or {@code --yes} does. */
    private void confirm(Stage stage) {
        if (!consentNeeded()) {
            return;
        }
        String name = stage.migration().target().cluster();
        boolean merge =
                stage.migration().endpoints().files().stream().anyMatch(EndpointFile::merged);
        String typed =
                Terminal.ask(
                        "This stops "
                                + String.join(", ", stage.world().writers().settings().keySet())
                                + " and switches them to "
                                + name
                                + (merge
                                        ? ". While it is stopped it waits up to "
                                                + stage.migration().budgets().merge().toSeconds()
                                                + " s for you to merge what it writes into the files"
                                        : "")
                                + ". Type '"
                                + name
                                + "' to go on: ");
        if (typed == null || !typed.equals(name)) {
            throw new SwitchbackException(
                    Code.USAGE, "switchback migrate", "not confirmed", "nothing was changed");
        }
    }
}
