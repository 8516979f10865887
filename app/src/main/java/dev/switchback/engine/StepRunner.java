package dev.switchback.engine;

import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.Observation.Done;
import dev.switchback.engine.Observation.Impossible;
import dev.switchback.engine.Observation.Todo;
import dev.switchback.engine.Runbook.Entry;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.progress.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Does one step.
 *
 * <ol>
 *   <li>Observe. Done: journal it, as found when no record says that we began it.
 *   <li>To do: capture, unless a record holds the capture already; it is never taken twice.
 *   <li>Journal the intent with the capture. The write is refused when the epoch is not ours.
 *   <li>Apply.
 *   <li>Observe until done or the deadline is over.
 *   <li>Journal done; for the commit point, in the same write, that the target serves.
 * </ol>
 *
 * <p>What apply says as evidence is journalled at once, so that a crash does not lose it.
 */
final class StepRunner {
    /** A look that fails before anything is done is tried this often: a blip needs no release. */
    private static final int FIRST_LOOKS = 3;

    private final Session session;
    private final Entry entry;
    private final Step step;
    private final LiveContext context;
    private Facts said = Facts.NONE;
    private boolean intended;
    private boolean ended;

    StepRunner(Session session, Entry entry) {
        this.session = session;
        this.entry = entry;
        this.step = entry.step();
        this.context = new LiveContext(session, step.id(), session.signal(), this::say);
    }

    /**
     * @throws StepFailure when it could not be done
     * @throws StoppedException when the run is stopped meanwhile
     */
    void run() throws StepFailure, StoppedException {
        Instant lookedAt = session.clock().instant();
        String phase = entry.phase().word();
        session.progress()
                .on(new Progress.StepStarted(step.id(), step.title(), phase, step.inDowntime()));
        try {
            switch (firstLook()) {
                case Done done -> done(done.evidence(), lookedAt);
                case Impossible impossible -> throw new StepFailure(impossible.problems(), null);
                case Todo todo -> done(makeDone(todo), lookedAt);
            }
        } finally {
            end();
        }
    }

    private Observation firstLook() throws StepFailure, StoppedException {
        for (int look = 1; ; look++) {
            try {
                return piece(() -> step.observe(context));
            } catch (StepFailure e) {
                if (look == FIRST_LOOKS) {
                    throw e;
                }
                pause();
            }
        }
    }

    private Facts makeDone(Todo todo) throws StepFailure, StoppedException {
        session.progress().on(new Progress.StepNote(step.id(), "to do: " + todo.why()));
        boolean captured = session.state().step(step.id()).isPresent();
        intend(captured ? Facts.NONE : piece(() -> step.capture(context)));
        session.mandate().demand();
        piece(() -> {
            step.apply(context);
            return true;
        });
        return awaitEffect();
    }

    private Facts awaitEffect() throws StepFailure, StoppedException {
        Duration deadline = session.options().deadlineOverride().orElse(step.deadline());
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            String missing;
            switch (laterLook()) {
                case Done done -> {
                    return done.evidence();
                }
                case Impossible impossible -> throw new StepFailure(impossible.problems(), null);
                case Todo(String why) -> missing = why;
            }
            if (System.nanoTime() >= end) {
                throw new StepFailure(List.of(timeout(deadline, missing)), null);
            }
            pause();
        }
    }

    /** A look that fails is no failure yet: the deadline bounds how often. */
    private Observation laterLook() throws StoppedException {
        try {
            return piece(() -> step.observe(context));
        } catch (StepFailure unreadable) {
            return Observation.todo("cannot be read: " + unreadable.problems().getFirst().what());
        }
    }

    private Problem timeout(Duration deadline, String missing) {
        return new Problem(
                Code.STEP_TIMEOUT,
                step.id(),
                "no effect seen within " + deadline.toMillis() / 1000.0 + " s: " + missing,
                "");
    }

    private void intend(Facts captured) {
        Instant now = session.clock().instant();
        session.journal()
                .update(
                        "begin " + step.id(),
                        draft ->
                                draft.put(
                                        Records.intent(
                                                draft.base(), step.id(), captured, said, now)));
        synchronized (this) {
            intended = true;
        }
    }

    private void done(Facts observed, Instant lookedAt) {
        session.recordDone(entry, said.with(observed), lookedAt);
    }

    /** Called by the step, on whatever thread it works on. */
    private synchronized void say(Facts facts) {
        if (ended) {
            return;
        }
        said = said.with(facts);
        if (intended) {
            session.journal()
                    .update(draft -> {
                        StepRecord record = draft.base().step(step.id()).orElseThrow();
                        draft.put(Records.with(record, facts));
                    });
        }
    }

    /** Work that hangs and comes back later says nothing any more. */
    private synchronized void end() {
        ended = true;
    }

    private <T> T piece(Callable<T> work) throws StepFailure, StoppedException {
        if (session.signal().cause().isPresent()) {
            throw new StoppedException(session.signal().cause().get(), false);
        }
        try {
            return StepThread.call(
                    step.id(),
                    session.signal(),
                    StepThread.UNLIMITED,
                    session.timing().stopGrace(),
                    work);
        } catch (StoppedException e) {
            throw e;
        } catch (Exception | Error e) {
            throw new StepFailure(step.id(), e);
        }
    }

    private void pause() throws StoppedException {
        if (session.signal().await(session.options().poll())) {
            throw new StoppedException(session.signal().cause().orElseThrow(), false);
        }
    }
}
