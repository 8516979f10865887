package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.Outcome;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Run;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Checks;
import dev.switchback.runbook.Cleanup;
import dev.switchback.runbook.Stage;
import dev.switchback.spec.Acceptance;
import dev.switchback.steps.cleanup.DeleteSource;
import dev.switchback.steps.cleanup.Inventory;
import dev.switchback.view.CleanDocuments;
import dev.switchback.view.CleanDocuments.CleanupStep;
import dev.switchback.view.Documents;
import dev.switchback.view.Documents.ProblemView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "cleanup",
        description = {
            "Take everything of ours away on both sides once the target has proven itself; the way back ends with it.",
            "Refuses before spec.cleanup.notBefore days without an alert, with sessions on the source, without a",
            "validation and a last backup made now. Asks for the source cluster's name."
        })
final class CleanupCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--confirm",
            paramLabel = "NAME",
            description = "the source cluster's name, instead of being asked for it")
    @Nullable String confirm;

    @Option(
            names = "--delete-source",
            description = "delete the source cluster too, as its operator is configured to")
    boolean deleteSource;

    @Option(
            names = "--dry-run",
            description = "say what is in the way and list what would be removed; change nothing")
    boolean dryRun;

    @Option(
            names = "--override",
            paramLabel = "CODE=REASON",
            description = "accept a refusal by its code, as spec.overrides does: SB-620=\"reason\"")
    Map<String, String> overrides = new TreeMap<>();

    @Override
    public Integer call() {
        List<Acceptance> accepted =
                overrides.entrySet().stream()
                        .map(e -> new Acceptance(e.getKey(), Optional.empty(), reason(e)))
                        .toList();
        try (Stage stage = app.options.stage(m -> m.withOverrides(accepted))) {
            JournalState state = stage.requireState();
            // a deletion that was begun is finished, whatever is asked for now
            boolean deletes = deleteSource || state.step(DeleteSource.ID).isPresent();
            Runbook runbook = Cleanup.of(stage.world(), state, deletes);
            return switch (state.status()) {
                case COMPLETED -> looked(stage, state, runbook, deletes);
                case CLEANING, CLEANED -> confirmed(stage, state, runbook, deletes, List.of());
                case NEW,
                        RUNNING,
                        RELEASING,
                        RELEASED,
                        COMMITTED,
                        RETURNING,
                        STAYING,
                        RETURN_COMMITTED,
                        RETURNED,
                        ABORTED ->
                        // the run says why it may not
                        stage.run(runbook, Optional.empty()).forward().exit().code();
            };
        }
    }

    private static String reason(Map.Entry<String, String> override) {
        if (override.getValue().isBlank() || !override.getKey().matches("SB-[0-9]{3}")) {
            throw new SwitchbackException(
                    Code.USAGE,
                    "--override",
                    "'" + override.getKey() + "' needs a code and a reason",
                    "write it like --override SB-620=\"watched by other means\"");
        }
        return override.getValue();
    }

    private int looked(Stage stage, JournalState state, Runbook runbook, boolean deletes) {
        long at = System.nanoTime();
        List<Checks.Result> results =
                Checks.run(runbook, stage.world().runId(), state.uid(), false);
        ExitCode exit = CheckCommand.exit(results);
        if (dryRun || exit != ExitCode.OK) {
            Checks.causes(results).forEach(p -> System.err.println("error: " + p.line()));
            print(
                    stage,
                    state,
                    exit == ExitCode.OK ? "planned" : "refused",
                    Inventory.look(stage.world(), Optional.of(state)),
                    deletes,
                    results,
                    Checks.causes(results));
            return exit.code();
        }
        return confirmed(stage, state, Checks.justLooked(runbook, results, at), deletes, results);
    }

    private int confirmed(
            Stage stage,
            JournalState state,
            Runbook runbook,
            boolean deletes,
            List<Checks.Result> results) {
        Inventory.Found before = Inventory.look(stage.world(), Optional.of(state));
        if (dryRun) {
            print(stage, state, "planned", before, deletes, results, List.of());
            return ExitCode.OK.code();
        }
        boolean nothingToDo =
                state.status() == Status.CLEANED && !deletes && before.left().isEmpty();
        if (!nothingToDo) {
            tell(stage, before, deletes);
            new TypedName("switchback cleanup", confirm)
                    .require(
                            stage,
                            deletes
                                    ? "This deletes the source cluster."
                                    : "After this nothing leads back to the source.");
        }
        Run run = stage.run(runbook, Optional.empty());
        Shutdown.on(run);
        RunResult result = run.forward();
        for (Problem problem : result.problems()) {
            System.err.println("error: " + problem.line());
        }
        boolean done = result.outcome() == Outcome.COMPLETED;
        if (done) {
            stage.forgetLease();
        }
        Inventory.Found after =
                done ? Inventory.look(stage.world(), Optional.of(result.state())) : before;
        print(
                stage,
                result.state(),
                Results.word(result),
                new Inventory.Found(before.left(), after.kept(), after.notes()),
                deletes,
                results,
                result.problems());
        return result.exit().code();
    }

    /** Exactly what is removed, before anybody is asked. */
    private static void tell(Stage stage, Inventory.Found found, boolean deletes) {
        System.err.println("to be removed:");
        found.left().forEach(t -> System.err.println("  " + t.words()));
        if (deletes && Inventory.sourceThere(stage.world())) {
            System.err.println("  the source cluster " + stage.migration().source() + " itself");
        }
        System.err.println("from then on nothing leads back to the source.");
    }

    private void print(
            Stage stage,
            JournalState state,
            String result,
            Inventory.Found found,
            boolean deletes,
            List<Checks.Result> results,
            List<Problem> problems) {
        Runbook book = Cleanup.of(stage.world(), state, true);
        CleanDocuments.Cleanup document =
                new CleanDocuments.Cleanup(
                        Documents.API_VERSION,
                        "Cleanup",
                        stage.migration().display(),
                        result,
                        state.status().name().toLowerCase(Locale.ROOT),
                        deletes,
                        VerifyCleanCommand.views(found.left()),
                        VerifyCleanCommand.views(found.kept()),
                        CheckCommand.document(stage, results).checks(),
                        state.steps().stream()
                                .filter(s ->
                                        book.entry(s.id())
                                                .filter(e -> e.phase() == Phase.CLEANUP)
                                                .isPresent())
                                .map(s ->
                                        new CleanupStep(
                                                s.id(),
                                                s.state().name().toLowerCase(Locale.ROOT),
                                                s.seconds(),
                                                s.evidence().values()))
                                .toList(),
                        ProblemView.of(problems));
        Output.print(app.options.output, document, () -> text(document, results));
    }

    private static String text(CleanDocuments.Cleanup document, List<Checks.Result> results) {
        StringBuilder text = new StringBuilder(CheckCommand.text(results));
        document.removes()
                .forEach(t ->
                        text.append(document.result().equals("cleaned") ? "removed  " : "removes  ")
                                .append(t.words())
                                .append('\n'));
        document.kept().forEach(t -> text.append("kept     ").append(t.words()).append('\n'));
        return text.append("result   ").append(document.result()).toString();
    }
}
