package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.Run;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Rollbacks;
import dev.switchback.runbook.Stage;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "rollback",
        description = {
            "Go back to the source. Before the commit point nothing is lost, and a run under way is asked to do it.",
            "After it, writes made on the target stay there: refused unless --accept-data-loss says so."
        })
final class RollbackCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--accept-data-loss",
            description = "after the commit point: go back although writes are lost")
    boolean acceptDataLoss;

    @Override
    public Integer call() throws InterruptedException {
        try (Stage stage = app.options.stage()) {
            JournalState state = stage.requireState();
            return switch (state.status()) {
                case COMMITTED, COMPLETED, RETURNING -> afterCommit(stage, state);
                case RETURNED -> {
                    Results.print(
                            app.options,
                            stage,
                            state,
                            "returned",
                            java.util.List.of(),
                            java.util.List.of());
                    yield 0;
                }
                case NEW, RUNNING, RELEASING, RELEASED, ABORTED ->
                        new TakeBack(app.options, stage).before("rollback");
            };
        }
    }

    private int afterCommit(Stage stage, JournalState state) {
        Rollbacks.Verdict verdict = Rollbacks.verdict(stage.world(), state);
        if (!acceptDataLoss && state.status() != Status.RETURNING) {
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
        Runbook runbook = stage.wayBack(state);
        Run run = stage.run(runbook, Optional.empty());
        Shutdown.on(run);
        RunResult result = run.forward();
        Results.print(app.options, stage, result);
        return result.exit().code();
    }
}
