package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "pause",
        description = {
            "Let nothing more begin: a run under way stops after the step it is doing, or when users have service",
            "again; migrate and cutover exit 5 until 'resume'. Nothing is undone; what replicates goes on."
        })
final class PauseCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            requireSomethingToPause(stage.requireState());
            JournalState state = stage.decide(JournalState::pausedBy);
            if (state.run() != null) {
                System.err.println(
                        "run "
                                + state.run().runId()
                                + " stops after the step it is doing, outside the downtime");
            }
            StatusCommand.print(app.options, stage);
            return 0;
        }
    }

    private static void requireSomethingToPause(JournalState state) {
        switch (state.status()) {
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED, COMMITTED, RETURNED -> {}
            case COMPLETED, CLEANING, CLEANED ->
                    throw notNow(state, "every step is done", "see: switchback status");
            case RETURNING, STAYING, RETURN_COMMITTED ->
                    throw notNow(
                            state,
                            "the migration is on its way back, which is not paused",
                            "take it back with: switchback rollback --stay");
        }
    }

    private static SwitchbackException notNow(JournalState state, String what, String remedy) {
        return new SwitchbackException(Code.NOT_NOW, state.migration(), what, remedy);
    }
}
