package dev.switchback.engine;

import dev.switchback.fault.Problem;
import dev.switchback.progress.Progress;
import java.util.Optional;
import java.util.function.Consumer;

/** The context of one step, guard or gate in one run; fresh journal state at every call. */
final class LiveContext implements StepContext {
    /** Where evidence has no place: guards, gates and undo. */
    static final Consumer<Facts> NO_EVIDENCE = facts -> {};

    private final Session session;
    private final String about;
    private final StopSignal signal;
    private final Consumer<Facts> evidence;

    /**
     * @param about the step whose captures and notes these are
     * @param signal what stops this piece of work
     */
    LiveContext(Session session, String about, StopSignal signal, Consumer<Facts> evidence) {
        this.session = session;
        this.about = about;
        this.signal = signal;
        this.evidence = evidence;
    }

    @Override
    public String runId() {
        return session.options().runId();
    }

    @Override
    public String migrationUid() {
        return session.state().uid();
    }

    @Override
    public int attempt() {
        return session.state().attempt();
    }

    @Override
    public Facts captured() {
        return session.state()
                .step(about)
                .map(JournalState.StepRecord::captured)
                .orElse(Facts.NONE);
    }

    @Override
    public Optional<Facts> evidenceOf(String stepId) {
        boolean visible = session.done(stepId) || (stepId.equals(about) && session.begun(stepId));
        return visible
                ? session.state().step(stepId).map(JournalState.StepRecord::evidence)
                : Optional.empty();
    }

    @Override
    public boolean underWay(String stepId) {
        return session.begun(stepId) && !session.done(stepId);
    }

    @Override
    public boolean approved() {
        return session.state().decisions().approved(session.state().attempt()).isPresent();
    }

    @Override
    public Optional<Problem> countdown() throws InterruptedException {
        return session.heralding().countdown();
    }

    @Override
    public boolean paused() {
        return session.state().decisions().paused().isPresent();
    }

    @Override
    public void evidence(Facts facts) {
        evidence.accept(facts);
    }

    @Override
    public void note(String text) {
        session.progress().on(new Progress.StepNote(about, text));
    }

    @Override
    public void moved(Progress.Figures figures) {
        session.progress().on(new Progress.StepMoved(about, figures));
    }

    @Override
    public void checkpoint() throws InterruptedException {
        signal.checkpoint();
    }

    @Override
    public AutoCloseable onStop(Runnable hook) {
        return signal.onStop(hook);
    }
}
