package dev.switchback.cli;

import dev.switchback.engine.Decisions;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Run;
import dev.switchback.engine.RunResult;
import dev.switchback.engine.Runbook;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Checks;
import dev.switchback.runbook.Stage;
import dev.switchback.view.ReportWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Running the forward runbook in this process: what migrate, cutover and resume have in common. */
final class GoForward {
    private final GlobalOptions options;
    private final Stage stage;
    private final Consent consent;
    private final Optional<Phase> until;

    GoForward(GlobalOptions options, Stage stage, Consent consent, Optional<Phase> until) {
        this.options = options;
        this.stage = stage;
        this.consent = consent;
        this.until = until;
    }

    /**
     * @param when for the question: empty, or when the service will be stopped
     * @param onceConfirmed what is done, to the runbook too, just before it is run
     * @throws SwitchbackException PAUSED
     */
    int run(String when, UnaryOperator<Runbook> onceConfirmed) {
        requireNotPaused(stage);
        return runThoughPaused(when, onceConfirmed);
    }

    /** The same when {@code onceConfirmed} lifts the pause. */
    int runThoughPaused(String when, UnaryOperator<Runbook> onceConfirmed) {
        Runbook runbook = stage.runbook();
        consent.requireSomeoneToAsk();
        if (nothingUnderWay(stage)) {
            long at = System.nanoTime();
            List<Checks.Result> results = CheckCommand.look(stage);
            if (CheckCommand.exit(results) != ExitCode.OK) {
                return CheckCommand.tell(options, stage, results).code();
            }
            runbook = Checks.justLooked(runbook, results, at);
        }
        consent.confirm(stage, when);
        Runbook changed = onceConfirmed.apply(runbook);
        Run run = stage.run(changed, until);
        Shutdown.on(run);
        RunResult result;
        try (Telling.Drawing _ = options.telling().draw(stage, changed)) {
            result = run.forward();
        }
        Results.print(options, stage, result);
        return result.exit().code();
    }

    /**
     * Then all checks are looked at before the lock is taken and the journal begun: what is blocked
     * is told whole, as {@code check} tells it, and leaves nothing behind. The run journals what
     * was just seen, or looks again when that has aged.
     */
    private static boolean nothingUnderWay(Stage stage) {
        return stage.state()
                .map(state ->
                        switch (state.status()) {
                            case NEW, RELEASED, ABORTED, RETURNED -> state.run() == null;
                            case RUNNING,
                                    RELEASING,
                                    COMMITTED,
                                    COMPLETED,
                                    RETURNING,
                                    STAYING,
                                    RETURN_COMMITTED,
                                    CLEANING,
                                    CLEANED ->
                                    false;
                        })
                .orElse(true);
    }

    /**
     * A pause is told before a question is asked or a check looked at. Users without service are
     * not kept waiting by it: the run itself heeds it when they have it again.
     */
    private static void requireNotPaused(Stage stage) {
        Optional<JournalState> state = stage.state();
        Optional<Decisions.Word> pause = state.flatMap(s -> s.decisions().paused());
        if (pause.isPresent() && !ReportWriter.liveSide(state.get()).equals("none")) {
            throw new SwitchbackException(
                    Code.PAUSED,
                    stage.migration().display(),
                    "paused by " + pause.get().who() + " at " + pause.get().at(),
                    "go on with: switchback resume");
        }
    }
}
