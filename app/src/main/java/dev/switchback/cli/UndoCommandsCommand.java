package dev.switchback.cli;

import dev.switchback.runbook.Stage;
import dev.switchback.view.UndoCommands;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "undo-commands",
        description =
                "Print plain kubectl and psql commands that undo what the journal says, for when this program is broken")
final class UndoCommandsCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            List<String> commands = UndoCommands.of(stage.migration(), stage.requireState());
            Output.print(app.options.output, commands, () -> String.join("\n", commands));
            return 0;
        }
    }
}
