package dev.switchback.engine;

import dev.switchback.engine.JournalState.Holder;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.Runbook.Entry;
import dev.switchback.fault.Code;
import dev.switchback.fault.ExitCode;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.progress.Progress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Runs a runbook over a journal and a lock; whatever process comes after a crash goes on from the
 * journal alone.
 *
 * <ol>
 *   <li>Take the lock, then the journal, raising its epoch.
 *   <li>Finish what an earlier run left: a release is brought to its end and ends this run; after a
 *       release the next attempt begins; a commit point in doubt is looked at; a scope that was cut
 *       in two starts over.
 *   <li>Step after step that is not journalled as done: not paused unless users are without
 *       service, guards in force, gates open, others told ({@link Heralding}), observe, capture,
 *       journal the intent, apply, observe, journal done.
 *   <li>In trouble, decide ({@link Aftermath}): go on, stay, or release ({@link Release}).
 *   <li>However the run ends: guards are disarmed, the journal names no run, the lock is free.
 * </ol>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Nothing acts or undoes without lock and epoch; losing either throws EPOCH_LOST or the
 *       lock's own problem, and nothing more is touched.
 *   <li>An intent with its capture is durable before the act; captures, {@code found} and evidence
 *       once durable are never lost or overwritten within an attempt.
 *   <li>Only a fresh look makes a step done. Past the commit point nothing is released. While the
 *       commit point is in doubt nothing is undone.
 *   <li>A journal that cannot be written allows no act. It is tried again for a while; then the run
 *       throws, and the next run goes on from what the journal says. Only a release that is durable
 *       already goes on undoing without it.
 * </ul>
 *
 * <p>One object is one run: call {@link #forward} or {@link #abort} once.
 */
public final class Run {
    private final Runbook runbook;
    private final Journal journal;
    private final Lock lock;
    private final InstantSource clock;
    private final Progress progress;
    private final RunOptions options;
    private final Timing timing;
    private final Herald herald;
    private final StopSignal signal = new StopSignal();

    public Run(
            Runbook runbook,
            Journal journal,
            Lock lock,
            InstantSource clock,
            Progress progress,
            RunOptions options,
            Herald herald) {
        this(runbook, journal, lock, clock, progress, options, Timing.DEFAULT, herald);
    }

    Run(
            Runbook runbook,
            Journal journal,
            Lock lock,
            InstantSource clock,
            Progress progress,
            RunOptions options,
            Timing timing,
            Herald herald) {
        this.runbook = runbook;
        this.journal = journal;
        this.lock = lock;
        this.clock = clock;
        this.progress = progress;
        this.options = options;
        this.timing = timing;
        this.herald = herald;
    }

    /**
     * Goes forward from wherever the journal says.
     *
     * @throws SwitchbackException LOCKED, JOURNAL_OTHER, JOURNAL_UNREADABLE, or when lock or epoch
     *     are lost on the way
     */
    public RunResult forward() {
        Optional<JournalState> before = Admission.forward(read(), runbook, options);
        // a runbook that tidies up may have got more to do since it ended
        return before.filter(s -> s.status() == completed() && !runbook.finishing())
                .map(s -> RunResult.of(Outcome.COMPLETED, s))
                .orElseGet(() -> underLock(this::forward));
    }

    /**
     * Takes everything back, what is kept between attempts included.
     *
     * <p>Of a way back with a commit point: stays where the service was before it.
     *
     * @throws SwitchbackException as {@link #forward}; WOULD_LOSE_WRITES past the commit point;
     *     RETURN_PASSED past that of a way back, NOT_NOW when there is none to take back
     */
    public RunResult abort() {
        JournalState before = Admission.abort(read(), runbook, options);
        return switch (before.status()) {
            case ABORTED -> RunResult.of(Outcome.ABORTED, before);
            case COMMITTED, COMPLETED -> RunResult.of(Outcome.STAYED, before).withExit(ExitCode.OK);
            default -> underLock(this::abort);
        };
    }

    /**
     * Asks the run to stop; from any thread, returns at once. A second time ends leftovers' undo.
     * Past the commit point it is heeded when the last step of the downtime is done.
     */
    public void requestStop(StopReason reason) {
        signal.raise(Stop.Signal.of(reason, options.migration()));
    }

    private RunResult forward(Session session, GuardWatch guards) {
        Admission.forward(Optional.of(session.state()), runbook, options);
        Aftermath aftermath = new Aftermath(session, guards);
        return new Resume(session, aftermath)
                .forward()
                .orElseGet(() -> walk(session, guards, aftermath));
    }

    private Status completed() {
        if (runbook.finishing()) {
            return Status.CLEANED;
        }
        return runbook.returning() ? Status.RETURNED : Status.COMPLETED;
    }

    private RunResult walk(Session session, GuardWatch guards, Aftermath aftermath) {
        while (true) {
            Optional<Entry> next = session.next();
            Optional<RunResult> end = boundary(session, aftermath, next);
            if (end.isPresent()) {
                return end.get();
            }
            if (next.isEmpty()) {
                session.journal()
                        .update(
                                "completed",
                                draft -> draft.status(completed()).request(null).run(null));
                return RunResult.of(Outcome.COMPLETED, session.state());
            }
            Entry entry = next.get();
            if (options.until().filter(u -> entry.phase().compareTo(u) > 0).isPresent()) {
                session.journal().update("stopped before " + entry.step().id(), draft -> {});
                return RunResult.of(Outcome.STOPPED_AT_PHASE, session.state());
            }
            end = step(session, guards, aftermath, entry);
            if (end.isPresent()) {
                return end.get();
            }
        }
    }

    /** Others hear of what ended and of what begins next, and may hold the run there. */
    private Optional<RunResult> boundary(
            Session session, Aftermath aftermath, Optional<Entry> next) {
        Entry at = next.orElseGet(() -> session.runbook().entries().getLast());
        try {
            Optional<Problem> held = session.heralding().beforeStep(next);
            if (held.isPresent()) {
                return Optional.of(held(session, held.get()));
            }
            if (next.isEmpty()) {
                session.heralding().completed();
            }
            return Optional.empty();
        } catch (StepFailure e) {
            return aftermath.of(Trouble.of(e, at));
        } catch (StoppedException e) {
            return aftermath.of(Trouble.of(e, at));
        } catch (SwitchbackException e) {
            return aftermath.of(Trouble.of(e, at));
        }
    }

    private static RunResult held(Session session, Problem problem) {
        session.journal().update("held: " + problem.line(), draft -> {});
        return RunResult.of(Outcome.WAITING, List.of(problem), session.state());
    }

    private Optional<RunResult> step(
            Session session, GuardWatch guards, Aftermath aftermath, Entry entry) {
        try {
            guards.refresh();
            signal.heedWaiting();
            Optional<Stop> stop = signal.cause();
            if (stop.isPresent()) {
                return aftermath.of(Trouble.stopped(stop.get(), entry));
            }
            Optional<RunResult> waiting = paused(session, entry);
            if (waiting.isEmpty()) {
                waiting = new Gates(session).before(entry);
            }
            if (waiting.isEmpty() && session.state().decisions().paused().isEmpty()) {
                waiting = session.heralding().beforeBegin(entry).map(p -> held(session, p));
            }
            if (waiting.isEmpty()) {
                // a gate may have waited for long
                waiting = paused(session, entry);
            }
            if (waiting.isPresent()) {
                return waiting;
            }
            session.enter(entry);
            new StepRunner(session, entry).run();
            return Optional.empty();
        } catch (StepFailure e) {
            return aftermath.of(Trouble.of(e, entry));
        } catch (StoppedException e) {
            return aftermath.of(Trouble.of(e, entry));
        } catch (SwitchbackException e) {
            return aftermath.of(Trouble.of(e, entry));
        }
    }

    private RunResult abort(Session session, GuardWatch guards) {
        Optional<RunResult> unknown =
                new Resume(session, new Aftermath(session, guards)).commitInDoubt();
        if (unknown.isPresent()) {
            return unknown.get();
        }
        Admission.abort(Optional.of(session.state()), runbook, options);
        if (runbook.canStay()) {
            return stay(session);
        }
        String reason = "abort by " + options.who();
        Release.End end = new Release(session, true).run(reason, Optional.empty());
        return Aftermath.released(session, true, end, List.of());
    }

    private RunResult stay(Session session) {
        String reason = "stay, asked for by " + options.who();
        Release.End end = new Release(session, false).run(reason, Optional.empty());
        return Aftermath.stayed(session, true, end, List.of());
    }

    /** At the boundary between two steps, as long as users have service. */
    private Optional<RunResult> paused(Session session, Entry next) {
        Optional<Decisions.Word> pause = session.state().decisions().paused();
        if (runbook.returning() || runbook.finishing() || pause.isEmpty() || session.inDowntime()) {
            return Optional.empty();
        }
        Problem problem =
                new Problem(
                        Code.PAUSED,
                        options.migration(),
                        "paused by " + pause.get().who() + " at " + pause.get().at(),
                        "go on with: switchback resume");
        session.journal().update("paused before " + next.step().id(), draft -> {});
        return Optional.of(RunResult.of(Outcome.PAUSED, List.of(problem), session.state()));
    }

    private Optional<JournalState> read() {
        return journal.read().map(Journal.Stored::state);
    }

    private RunResult underLock(BiFunction<Session, GuardWatch, RunResult> body) {
        Optional<String> predecessor = read().map(JournalState::run).map(Holder::runId);
        try (Lock.Held held = lock.acquire(options.runId(), predecessor);
                JournalWriter writer = new JournalWriter(journal, options, clock, timing)) {
            Mandate mandate = new Mandate(held, writer, options.migration());
            mandate.watch(signal);
            writer.claim(Admission.holder(options, clock), runbook);
            Session session =
                    new Session(
                            runbook, options, clock, progress, timing, writer, mandate, signal,
                            herald);
            signal.signalsWaitWhile(session::mustFinishDowntime);
            return guarded(session, body).withState(session.state());
        }
    }

    private RunResult guarded(Session session, BiFunction<Session, GuardWatch, RunResult> body) {
        try (GuardWatch guards = new GuardWatch(session);
                RunWatch watch = new RunWatch(session)) {
            watch.start();
            session.heralding().begin();
            return body.apply(session, guards);
        } finally {
            session.heralding().end();
            leave(session);
        }
    }

    /** Best effort: a run that ended is not shown as running; a successor needs no such favour. */
    private void leave(Session session) {
        if (session.journal().usable() && session.state().run() != null) {
            try {
                session.journal().update("run ended", draft -> draft.run(null));
            } catch (SwitchbackException e) {
                session.say("the journal still names this run: " + e.problem().what());
            }
        }
    }
}
