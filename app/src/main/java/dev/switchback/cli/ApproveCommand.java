package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Reached;
import dev.switchback.runbook.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "approve",
        description = {
            "Approve the cutover of this attempt, which a document with 'approve: true' waits for. Runs nothing:",
            "run 'migrate' or 'cutover' then."
        })
final class ApproveCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            JournalState state = stage.requireState();
            if (!Reached.beforeCommit(state)) {
                throw new SwitchbackException(
                        Code.NOT_NOW,
                        state.migration(),
                        "the commit point is passed: there is no cutover to approve",
                        "see: switchback status");
            }
            if (!stage.migration().approve()) {
                System.err.println("the document does not ask for an approval (spec.approve)");
            }
            stage.decide(JournalState::approvedBy);
            StatusCommand.print(app.options, stage);
            return 0;
        }
    }
}
