package dev.switchback.runbook;

import dev.switchback.engine.Gate;
import dev.switchback.engine.StepContext;
import dev.switchback.steps.writers.StopWriters;
import java.util.Optional;

/** The document wants a person's approval before the service is stopped. */
final class ApprovalGate implements Gate {
    @Override
    public String id() {
        return "approval";
    }

    @Override
    public String before() {
        return StopWriters.ID;
    }

    @Override
    public Optional<String> closedBecause(StepContext context) {
        return context.approved()
                ? Optional.empty()
                : Optional.of("waiting for: switchback approve");
    }
}
