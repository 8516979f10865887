package dev.switchback.steps.validation;

import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import java.util.List;

/** The first line of the guide's success: whether every step of the migration came to its end. */
public final class JournalledJobs {
    static final String LINE = "all migration jobs complete without errors";

    private JournalledJobs() {}

    /** By the journal of the run that made the target serve. */
    public static SuccessLine line(JournalState state) {
        List<String> open =
                state.steps().stream()
                        .filter(s -> s.state() != StepState.DONE)
                        .filter(s -> !s.id().equals(ValidateMigration.ID))
                        .map(StepRecord::id)
                        .toList();
        boolean whole =
                open.isEmpty()
                        && (state.status() == JournalState.Status.COMPLETED
                                || state.status() == JournalState.Status.COMMITTED);
        return SuccessLine.of(
                LINE,
                whole,
                whole
                        ? state.steps().size() + " steps, none open, attempt " + state.attempt()
                        : open.isEmpty()
                                ? "the migration is " + state.status()
                                : "not done: " + String.join(", ", open));
    }
}
