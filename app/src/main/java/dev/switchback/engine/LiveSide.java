package dev.switchback.engine;

import dev.switchback.engine.JournalState.StepState;

/** Which side applications may write to, by what the journal has seen. */
public final class LiveSide {
    private LiveSide() {}

    /**
     * {@code source} before the commit point, {@code target} after it, {@code none} while neither
     * may be written.
     */
    public static String of(JournalState state) {
        return switch (state.status()) {
            case COMMITTED, COMPLETED, CLEANING, CLEANED -> "target";
            case RETURNING, STAYING -> stopped(state, "return-stop-writers") ? "none" : "target";
            case NEW, RELEASED, RETURN_COMMITTED, RETURNED, ABORTED -> "source";
            case RUNNING, RELEASING -> stopped(state, "stop-writers") ? "none" : "source";
        };
    }

    private static boolean stopped(JournalState state, String by) {
        return state.step(by).filter(s -> s.state() != StepState.UNDONE).isPresent();
    }
}
