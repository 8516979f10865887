package dev.switchback.runbook;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.util.List;

/** How far a migration has come, by its journal. */
public final class Reached {
    private Reached() {}

    /**
     * @throws SwitchbackException NOT_NOW unless everything before the cutover is journalled as
     *     done; after a cutover that was taken back, everything that is kept for the next
     */
    public static void cutover(JournalState state, Runbook runbook) {
        switch (state.status()) {
            case COMMITTED, COMPLETED, CLEANING, CLEANED -> {}
            case RUNNING, RELEASING, RELEASED -> requireDone(state, runbook);
            case NEW, ABORTED, RETURNED ->
                    throw notNow(state, "nothing is prepared", until(runbook));
            case RETURNING, STAYING, RETURN_COMMITTED ->
                    throw notNow(
                            state,
                            "the migration is on its way back",
                            "finish the way back with: switchback rollback");
        }
    }

    /** Whether an approval of the cutover can still mean anything. */
    public static boolean beforeCommit(JournalState state) {
        return switch (state.status()) {
            case NEW, RUNNING, RELEASING, RELEASED, ABORTED, RETURNED -> true;
            case COMMITTED, COMPLETED, RETURNING, STAYING, RETURN_COMMITTED, CLEANING, CLEANED ->
                    false;
        };
    }

    private static void requireDone(JournalState state, Runbook runbook) {
        boolean closed = state.status() != Status.RUNNING;
        List<String> missing =
                runbook.entries().stream()
                        .filter(e -> e.phase().compareTo(Phase.CUTOVER) < 0)
                        .filter(e -> !closed || e.step().undoAt() == UndoAt.ABORT)
                        .map(e -> e.step().id())
                        .filter(id -> !done(state, id, closed))
                        .toList();
        if (!missing.isEmpty()) {
            throw notNow(
                    state,
                    "the cutover is not reached: "
                            + missing.getFirst()
                            + (missing.size() == 1
                                    ? " is not done"
                                    : " and " + (missing.size() - 1) + " more are not done"),
                    until(runbook));
        }
    }

    private static boolean done(JournalState state, String id, boolean anyAttempt) {
        return state.step(id)
                .filter(r -> r.state() == StepState.DONE)
                .filter(r -> anyAttempt || isOfThisAttempt(state, r))
                .isPresent();
    }

    private static boolean isOfThisAttempt(JournalState state, StepRecord record) {
        return record.attempt() == state.attempt();
    }

    private static String until(Runbook runbook) {
        boolean syncs = runbook.entries().stream().anyMatch(e -> e.phase() == Phase.SYNC);
        return "run: switchback migrate --until " + (syncs ? "sync" : "prepare");
    }

    private static SwitchbackException notNow(JournalState state, String what, String remedy) {
        return new SwitchbackException(Code.NOT_NOW, state.migration(), what, remedy);
    }
}
