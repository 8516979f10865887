package dev.switchback.cli;

import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Drill;
import dev.switchback.runbook.PlanHash;
import dev.switchback.runbook.PlanSections;
import dev.switchback.runbook.Stage;
import dev.switchback.spec.Backup;
import dev.switchback.spec.Migration;
import dev.switchback.spec.Quantity;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            description = {
                "stop after check, prepare, sync, cutover or settle; sync (strategy online): the target follows",
                "the source and the service was not touched, go on with 'cutover'"
            })
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

    @Mixin RunMetricsOption metrics = new RunMetricsOption();

    @Option(
            names = "--drill-fail-at",
            paramLabel = "STEP",
            hidden = true,
            description = "practice: fail after this step has acted")
    @Nullable String drillFailAt;

    @Override
    public Integer call() {
        Optional<PlanHash> agreed = Optional.ofNullable(plan).map(PlanHash::parse);
        try (Stage stage = app.options.stage(this::limited);
                var _ = metrics.serve(stage)) {
            agreed.ifPresent(hash -> requirePlan(stage, hash));
            if (dryRun) {
                return CheckCommand.tell(app.options, stage, CheckCommand.look(stage)).code();
            }
            return new GoForward(
                            app.options,
                            stage,
                            new Consent("switchback migrate", !yes && stopsTheService(until)),
                            Optional.ofNullable(until))
                    .run(when(stage), this::drilled);
        }
    }

    /** Whether a run until this phase takes the service from its users. */
    static boolean stopsTheService(@Nullable Phase until) {
        return until == null || until.compareTo(Phase.CUTOVER) >= 0;
    }

    /** For the question: empty, or when the service will be stopped by the document. */
    static String when(Stage stage) {
        return stage.migration().cutoverAt().map(at -> " at " + at).orElse("");
    }

    private Runbook drilled(Runbook runbook) {
        return drillFailAt == null ? runbook : Drill.failAt(runbook, drillFailAt);
    }

    /** A run that has begun the cutover has itself changed what the plan was made of. */
    private static void requirePlan(Stage stage, PlanHash agreed) {
        if (PlanSections.overtaken(stage.state())) {
            System.err.println(
                    "the plan is not compared again: the run that it was made for is under way");
        } else {
            new PlanSections(stage.world(), stage.runbook()).require(agreed);
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
}
