package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.runbook.Stage;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "logs", description = "Print the audit trail: who did what, when")
final class LogsCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() {
        try (Stage stage = app.options.stage()) {
            JournalState state = stage.requireState();
            Output.print(
                    app.options.output,
                    state.audit(),
                    () ->
                            state.audit().stream()
                                    .map(LogsCommand::line)
                                    .collect(Collectors.joining("\n")));
            return 0;
        }
    }

    private static String line(AuditEntry entry) {
        return entry.at() + "  " + entry.who() + "  run " + entry.runId() + "  " + entry.what();
    }
}
