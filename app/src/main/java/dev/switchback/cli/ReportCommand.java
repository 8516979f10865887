package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.runbook.Stage;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "report", description = "Print what the migration did, from its journal")
final class ReportCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            JournalState state = stage.requireState();
            Results.print(app.options, stage, state, Results.word(state), List.of(), List.of());
            return 0;
        }
    }
}
