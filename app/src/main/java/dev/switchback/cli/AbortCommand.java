package dev.switchback.cli;

import dev.switchback.runbook.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "abort",
        description = {
            "Before the commit point: take everything back, the prepared target included.",
            "A run that is under way is asked to do so."
        })
final class AbortCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Override
    public Integer call() throws InterruptedException {
        try (Stage stage = app.options.stage()) {
            return TakeBack.beforeCommit(app.options, stage, "abort").now();
        }
    }
}
