package dev.switchback.runbook;

import dev.switchback.engine.Facts;
import dev.switchback.engine.StepContext;
import java.util.Optional;

/**
 * A context for looking only: {@code check} observes steps without a journal, several at a time.
 */
final class LookContext implements StepContext {
    private final String runId;
    private final String uid;
    private final boolean deep;

    LookContext(String runId, String uid, boolean deep) {
        this.runId = runId;
        this.uid = uid;
        this.deep = deep;
    }

    @Override
    public boolean deep() {
        return deep;
    }

    @Override
    public String runId() {
        return runId;
    }

    @Override
    public String migrationUid() {
        return uid;
    }

    @Override
    public int attempt() {
        return 0;
    }

    @Override
    public Facts captured() {
        return Facts.NONE;
    }

    @Override
    public Optional<Facts> evidenceOf(String stepId) {
        return Optional.empty(); // checks look side by side: none builds on another
    }

    @Override
    public void evidence(Facts facts) {
        // nothing is journalled when only looking
    }

    @Override
    public void note(String text) {
        // nobody watches a look
    }

    @Override
    public void checkpoint() {
        // a look is short
    }

    @Override
    public AutoCloseable onStop(Runnable hook) {
        return () -> {};
    }
}
