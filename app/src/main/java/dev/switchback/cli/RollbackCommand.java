package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.Run;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Rollbacks;
import dev.switchback.runbook.Runbooks;
import dev.switchback.runbook.Stage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "rollback",
        description = {
            "Go back to the source. Before the commit point nothing is lost, and a run under way is asked to do it.",
            "After it nothing is lost while the reverse link streams; without one what was written on the target",
            "stays there: refused unless --accept-data-loss says so."
        })
final class RollbackCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--accept-data-loss",
            description = "after the commit point: go back although writes are lost")
    boolean acceptDataLoss;

    @Option(
            names = "--stay",
            description = {
                "take a way back with data back that is under way: the target goes on serving;",
                "until its own commit point, commit-return"
            })
    boolean stay;

    @Override
    public Integer call() throws InterruptedException {
        try (Stage stage = app.options.stage()) {
            JournalState state = stage.requireState();
            if (stay) {
                return TakeBack.stay(app.options, stage, state).now();
            }
            return switch (state.status()) {
                case COMMITTED,
                        COMPLETED,
                        RETURNING,
                        STAYING,
                        RETURN_COMMITTED,
                        CLEANING,
                        CLEANED ->
                        afterCommit(stage, state);
                case RETURNED -> {
                    Results.print(app.options, stage, state, "returned", List.of(), List.of());
                    yield 0;
                }
                case NEW, RUNNING, RELEASING, RELEASED, ABORTED ->
                        TakeBack.beforeCommit(app.options, stage, "rollback").now();
            };
        }
    }

    private int afterCommit(Stage stage, JournalState state) {
        Runbook runbook = runbook(stage, state);
        Run run = stage.run(runbook, Optional.empty());
        Shutdown.on(run);
        RunResult result;
        try (Telling.Drawing _ = app.options.telling().draw(stage, runbook)) {
            result = run.forward();
        }
        Results.print(app.options, stage, result);
        return result.exit().code();
    }

    private Runbook runbook(Stage stage, JournalState state) {
        // one that is cleaned up is told by the run itself that there is no way back
        if (Runbooks.begun(state) || Runbooks.cleaned(state)) {
            return stage.wayBack(state);
        }
        Rollbacks.Verdict verdict = Rollbacks.verdict(stage.world(), state);
        requireNoLossOrConsent(stage, verdict);
        return Runbooks.wayBack(stage.world(), state, verdict);
    }

    private void requireNoLossOrConsent(Stage stage, Rollbacks.Verdict verdict) {
        if (verdict.state() == Rollbacks.State.IMPOSSIBLE) {
            throw new SwitchbackException(
                    Code.ROLLBACK_IMPOSSIBLE,
                    stage.migration().display(),
                    verdict.reason(),
                    "stay on the target; its own backups are the way back in time");
        }
        if (acceptDataLoss || verdict.state() == Rollbacks.State.WITH_DATA) {
            return;
        }
        throw new SwitchbackException(
                Code.WOULD_LOSE_WRITES,
                stage.migration().display(),
                verdict.atLeast() < 0
                        ? verdict.reason()
                        : "the target serves; going back would lose at least "
                                + verdict.atLeast()
                                + " writes: "
                                + verdict.reason(),
                "stay on the target, or accept the loss by name with --accept-data-loss");
    }
}
