package dev.switchback.steps.checks;

import dev.switchback.engine.Facts;
import dev.switchback.engine.StepContext;
import java.util.Optional;

/** A look without a run around it. */
record Looking(boolean deep) implements StepContext {
    @Override
    public String runId() {
        return "test";
    }

    @Override
    public String migrationUid() {
        return "";
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
        return Optional.empty();
    }

    @Override
    public void evidence(Facts facts) {
        throw new IllegalStateException("a check writes nothing");
    }

    @Override
    public void note(String text) {}

    @Override
    public void checkpoint() {}

    @Override
    public AutoCloseable onStop(Runnable hook) {
        return () -> {};
    }
}
