package dev.switchback.cli;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.Run;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Taking everything back before the commit point: by ourselves, or by asking the run that holds the
 * migration.
 */
final class TakeBack {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final GlobalOptions options;
    private final Stage stage;

    TakeBack(GlobalOptions options, Stage stage) {
        this.options = options;
        this.stage = stage;
    }

    int before(String kind) throws InterruptedException {
        stage.requireState();
        Runbook runbook = stage.offline();
        Run run = stage.run(runbook, Optional.empty());
        try {
            Shutdown.on(run);
            RunResult result = run.abort();
            Results.print(options, stage, result);
            return result.exit().code();
        } catch (SwitchbackException e) {
            if (e.code() != Code.LOCKED) {
                throw e;
            }
            System.err.println("a run is under way: asking it to take everything back");
            return ask(kind);
        }
    }

    private int ask(String kind) throws InterruptedException {
        stage.request(kind);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            JournalState state = stage.requireState();
            if (state.run() == null) {
                String word = Results.word(state);
                Results.print(options, stage, state, word, List.of(), List.of());
                return word.equals("aborted") || word.equals("rolledBack") ? 0 : 1;
            }
            Thread.sleep(500);
        }
        throw new SwitchbackException(
                Code.LOCKED,
                stage.migration().display(),
                "the run that holds the migration did not answer within "
                        + PATIENCE.toMinutes()
                        + " min",
                "look at it with 'switchback status'; end its process, then ask again");
    }
}
