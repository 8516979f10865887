package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Stage;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "resume", description = "Lift a pause and go on in this process, as migrate does")
final class ResumeCommand implements Callable<Integer> {
    @ParentCommand App app = new App();

    @Option(
            names = "--until",
            paramLabel = "PHASE",
            description = "stop after check, prepare, sync, cutover or settle")
    @Nullable Phase until;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask before the service is stopped")
    boolean yes;

    private static Runbook lifted(Stage stage, Runbook runbook) {
        stage.decide(JournalState::resumedBy);
        return runbook;
    }

    @Override
    public Integer call() {
        Consent consent =
                new Consent("switchback resume", !yes && MigrateCommand.stopsTheService(until));
        try (Stage stage = app.options.stage()) {
            stage.requireState();
            try {
                return new GoForward(app.options, stage, consent, Optional.ofNullable(until))
                        .runThoughPaused(MigrateCommand.when(stage), book -> lifted(stage, book));
            } catch (SwitchbackException e) {
                if (e.code() != Code.LOCKED) {
                    throw e;
                }
                System.err.println("the pause is lifted; the run that holds the migration goes on");
                StatusCommand.print(app.options, stage);
                return 0;
            }
        }
    }
}
