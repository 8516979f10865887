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
import java.util.Set;

/**
 * Taking everything back before a commit point: by ourselves, or by asking the run that holds the
 * migration.
 */
final class TakeBack {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final GlobalOptions options;
    private final Stage stage;
    private final Runbook runbook;
    private final String kind;
    private final Set<String> wanted;

    private TakeBack(
            GlobalOptions options, Stage stage, Runbook runbook, String kind, Set<String> wanted) {
        this.options = options;
        this.stage = stage;
        this.runbook = runbook;
        this.kind = kind;
        this.wanted = wanted;
    }

    /**
     * @param kind {@code rollback} or {@code abort}
     */
    static TakeBack beforeCommit(GlobalOptions options, Stage stage, String kind) {
        stage.requireState();
        return new TakeBack(options, stage, stage.runbook(), kind, Set.of("aborted", "rolledBack"));
    }

    /** Of a way back, before its own commit point: the target goes on serving. */
    static TakeBack stay(GlobalOptions options, Stage stage, JournalState state) {
        return new TakeBack(options, stage, stage.wayBack(state), "stay", Set.of("stayed"));
    }

    int now() throws InterruptedException {
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
            return ask();
        }
    }

    private int ask() throws InterruptedException {
        stage.request(kind);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            JournalState state = stage.requireState();
            if (state.run() == null) {
                String word = word(state);
                Results.print(options, stage, state, word, List.of(), List.of());
                return wanted.contains(word) ? 0 : 1;
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

    /** The target serves and no way back is under way: it stayed, whatever is left to do there. */
    private String word(JournalState state) {
        boolean targetServes =
                state.status() == JournalState.Status.COMMITTED
                        || state.status() == JournalState.Status.COMPLETED;
        return kind.equals("stay") && targetServes ? "stayed" : Results.word(state);
    }
}
