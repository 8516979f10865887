package dev.switchback.engine;

import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.progress.Progress;
import java.util.Optional;

/** Takes one step's effect back; stopped by nothing but a lost lock or epoch. */
final class Undo {
    private final Session session;

    Undo(Session session) {
        this.session = session;
    }

    /** Whether a record is an effect of ours that may be there. */
    static boolean due(StepRecord record) {
        return record.state() != StepState.UNDONE && !record.found();
    }

    /**
     * Undoes with a few tries and journals it.
     *
     * @return why it could not be undone
     */
    Optional<Problem> of(StepRecord record) {
        Optional<Runbook.Entry> entry = session.runbook().entry(record.id());
        if (entry.isEmpty()) {
            return Optional.of(
                    failed(record, "this version of Switchback does not know the step", ""));
        }
        Step step = entry.get().step();
        long start = System.nanoTime();
        Optional<Problem> problem = tryOften(step, record);
        if (problem.isEmpty()) {
            journal(record);
            double seconds = (System.nanoTime() - start) / 1e9;
            session.progress().on(new Progress.StepUndone(step.id(), seconds));
        }
        return problem;
    }

    /**
     * A journal that cannot be written keeps the other effects from nobody: the record stays, and
     * the next run undoes it once more.
     */
    private void journal(StepRecord record) {
        try {
            session.journal()
                    .update(
                            "undone " + record.id(),
                            draft -> draft.put(Records.in(StepState.UNDONE, record)));
        } catch (SwitchbackException e) {
            session.mandate().demand();
            session.say(record.id() + " was undone, not journalled: " + e.problem().what());
        }
    }

    private Optional<Problem> tryOften(Step step, StepRecord record) {
        String why = "";
        for (int tries = 1; tries <= session.timing().undoTries(); tries++) {
            StopSignal signal = session.mandate().newSignal();
            try {
                session.mandate().demand();
                call(step, signal);
                return Optional.empty();
            } catch (StoppedException e) {
                session.mandate().demand();
                why = e.stop().problem().what();
                if (e.hung()) {
                    break;
                }
            } catch (Exception | Error e) {
                session.mandate().demand();
                why = StepFailure.words(e);
            } finally {
                session.mandate().forget(signal);
            }
            if (tries < session.timing().undoTries()) {
                signal.await(session.timing().undoBackoff().multipliedBy(tries));
            }
        }
        return Optional.of(failed(record, why, "mend the cause and run the same command again"));
    }

    private void call(Step step, StopSignal signal) throws Exception {
        LiveContext context = new LiveContext(session, step.id(), signal, LiveContext.NO_EVIDENCE);
        StepThread.call(
                "undo " + step.id(),
                signal,
                session.timing().undoLimit(),
                session.timing().stopGrace(),
                () -> {
                    step.undo(context);
                    return true;
                });
    }

    private static Problem failed(StepRecord record, String why, String remedy) {
        return new Problem(
                Code.UNDO_FAILED, record.id(), "could not be taken back: " + why, remedy);
    }
}
