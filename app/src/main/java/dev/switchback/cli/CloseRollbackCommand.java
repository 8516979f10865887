package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.ReverseLink;
import dev.switchback.runbook.Stage;
import dev.switchback.runbook.Watching;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "close-rollback",
        description = {
            "End the rollback window: from now on a way back to the source loses what was written on the target.",
            "Asks for the source cluster's name. Refuses while no backup of the target is proven ('watch --backup')."
        })
final class CloseRollbackCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--confirm",
            paramLabel = "NAME",
            description = "the source cluster's name, instead of being asked for it")
    @Nullable String confirm;

    @Option(
            names = "--without-backup",
            description =
                    "close it although no backup of the target is proven: until there is one the source is the only copy beside it")
    boolean withoutBackup;

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            JournalState state = stage.requireState();
            requireServingTarget(state);
            if (state.decisions().closed().isEmpty()) {
                if (!withoutBackup) {
                    Watching.requireProvenBackup(stage, state);
                }
                new TypedName("switchback close-rollback", confirm)
                        .require(
                                stage,
                                "After this a way back to "
                                        + stage.migration().source().cluster()
                                        + " loses what was written on the target.");
                stage.decide(JournalState::rollbackClosedBy);
            }
            ReverseLink.giveUp(stage.world(), state);
            StatusCommand.print(app.options, stage);
            return 0;
        }
    }

    private static void requireServingTarget(JournalState state) {
        switch (state.status()) {
            case COMMITTED, COMPLETED -> {}
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED, RETURNED ->
                    throw notNow(state, "the target does not serve: there is no rollback window");
            case CLEANING, CLEANED ->
                    throw notNow(state, "the migration is cleaned up: its way back is closed");
            case RETURNING, STAYING, RETURN_COMMITTED ->
                    throw notNow(state, "the migration is on its way back");
        }
    }

    private static SwitchbackException notNow(JournalState state, String what) {
        return new SwitchbackException(
                Code.NOT_NOW, state.migration(), what, "see: switchback status");
    }
}
