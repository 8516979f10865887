package dev.switchback.engine;

import dev.switchback.engine.Boundary.Kind;
import dev.switchback.engine.Runbook.Entry;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.progress.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Calls the herald at the boundaries of a run, and says what its answer means.
 *
 * <ul>
 *   <li>After a phase: every step of it is done in this attempt and none of a later phase is begun.
 *   <li>Before a phase: its first step that takes service from users, or else its first, is next
 *       and not begun.
 *   <li>A way back begins: none of its steps is begun.
 * </ul>
 *
 * <p>Which of them were told already is the herald's to look up: it is asked again after a crash.
 */
final class Heralding implements Tidings {
    private final Session session;
    private final Herald herald;

    Heralding(Session session, Herald herald) {
        this.session = session;
        this.herald = herald;
    }

    void begin() {
        herald.begin(this);
    }

    void end() {
        herald.end();
    }

    /** Before the next step is looked at: what has ended, and a way back that begins. */
    Optional<Problem> beforeStep(Optional<Entry> next) throws StepFailure, StoppedException {
        if (session.runbook().returning()) {
            boolean nothingBegun =
                    session.runbook().entries().stream().noneMatch(e -> touched(e.step().id()));
            return nothingBegun
                    ? at(Boundary.begun(Kind.RETURN_BEGUN, "")).flatMap(this::onlyWarn)
                    : Optional.empty();
        }
        Optional<Phase> ended = justEnded(next);
        return ended.isPresent() ? at(Boundary.after(ended.get())) : Optional.empty();
    }

    /** After the gates of a step, before it is begun. */
    Optional<Problem> beforeBegin(Entry entry) throws StepFailure, StoppedException {
        boolean first =
                !session.runbook().returning()
                        && !session.begun(entry.step().id())
                        && session.runbook().beginsWith(entry);
        return first ? at(Boundary.before(entry.phase())) : Optional.empty();
    }

    /** Everything is done, not journalled yet: a crash from here on comes by here again. */
    void completed() throws StepFailure, StoppedException {
        boolean back = session.runbook().returning();
        at(Boundary.ended(
                        back ? Kind.RETURN_ENDED : Kind.COMPLETED, back ? "returned" : "migrated"))
                .ifPresent(this::warn);
    }

    /** Putting back waits for nobody and fails because of nobody. */
    void whilePuttingBack(Boundary boundary) {
        try {
            herald.at(boundary, this).ifPresent(this::warn);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SwitchbackException e) {
            session.say("not told: " + e.problem().line());
        } catch (RuntimeException e) {
            session.say("not told: " + StepFailure.words(e));
        }
    }

    /** For a gate that waits: its own thread is stopped with it. */
    Optional<Problem> countdown() throws InterruptedException {
        return heeded(herald.at(Boundary.countdown(), this));
    }

    private Optional<Problem> at(Boundary boundary) throws StepFailure, StoppedException {
        Callable<Optional<Problem>> call = () -> herald.at(boundary, this);
        try {
            return heeded(
                    StepThread.call(
                            "tell",
                            session.signal(),
                            StepThread.UNLIMITED,
                            session.timing().stopGrace(),
                            call));
        } catch (StoppedException e) {
            throw e;
        } catch (Exception | Error e) {
            throw new StepFailure("tell", e);
        }
    }

    /** Where holding the run would keep users without service it goes on. */
    private Optional<Problem> heeded(Optional<Problem> problem) {
        boolean mayHold =
                !session.committed() && !session.downtimeBegun() && !session.runbook().returning();
        return mayHold ? problem : problem.flatMap(this::onlyWarn);
    }

    private Optional<Problem> onlyWarn(Problem problem) {
        warn(problem);
        return Optional.empty();
    }

    /** The last phase with steps before the next step's, unless one of a later phase is begun. */
    private Optional<Phase> justEnded(Optional<Entry> next) {
        List<Entry> entries = session.runbook().entries();
        Optional<Phase> ended =
                entries.stream()
                        .map(Entry::phase)
                        .filter(p -> next.isEmpty() || p.compareTo(next.get().phase()) < 0)
                        .max(Phase::compareTo);
        boolean laterBegun =
                ended.isPresent()
                        && entries.stream()
                                .filter(e -> e.phase().compareTo(ended.get()) > 0)
                                .anyMatch(e -> touched(e.step().id()));
        return laterBegun ? Optional.empty() : ended;
    }

    private boolean touched(String step) {
        return session.begun(step) || session.done(step);
    }

    @Override
    public JournalState state() {
        return session.state();
    }

    @Override
    public Runbook runbook() {
        return session.runbook();
    }

    @Override
    public String runId() {
        return session.options().runId();
    }

    @Override
    public Instant now() {
        return session.clock().instant();
    }

    @Override
    public boolean inDowntime() {
        return session.inDowntime();
    }

    @Override
    public boolean mayAct() {
        return session.mandate().look().isEmpty() && session.journal().usable();
    }

    @Override
    public boolean told(String what) {
        return session.state().told(what);
    }

    @Override
    public void tell(Kind kind, String what, String result) {
        Told told = new Told(kind, what, session.state().attempt(), now(), result);
        session.journal().update("told: " + what + ": " + result, draft -> draft.told(told));
    }

    @Override
    public void note(String text) {
        session.say(text);
    }

    @Override
    public void warn(Problem problem) {
        session.progress().on(new Progress.Warning(problem));
    }

    @Override
    public void checkpoint() throws InterruptedException {
        session.signal().checkpoint();
    }

    @Override
    public AutoCloseable onStop(Runnable hook) {
        return session.signal().onStop(hook);
    }
}
