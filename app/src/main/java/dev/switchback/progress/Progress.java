package dev.switchback.progress;

import dev.switchback.fault.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hears what happens; must return quickly and never throw. Called from any thread. */
@FunctionalInterface
public interface Progress {
    void on(Event event);

    /** Tells nobody. */
    Progress SILENT = event -> {};

    /** Something worth telling; every rendering (terminal, log, report) reads the same events. */
    sealed interface Event {}

    /** A step is about to act, or to be looked at. */
    record StepStarted(String step, String title, String phase, boolean inDowntime)
            implements Event {}

    /** A step's effect was seen; {@code found} says that it was already so. */
    record StepDone(String step, double seconds, boolean found, Map<String, String> evidence)
            implements Event {}

    /** What a step is doing now, for people: {@code statuses: 1.2 M rows}. */
    record StepNote(String step, String text) implements Event {}

    /** How far a step is, in figures, for views that draw; what people must hear is a note. */
    record StepMoved(String step, Figures figures) implements Event {}

    /** What can be drawn of a step under way. */
    sealed interface Figures {}

    /**
     * A table on its way.
     *
     * @param ofBytes what {@code bytes} will be about
     */
    record TableFigures(String table, long rows, long bytes, long ofBytes, boolean done)
            implements Figures {}

    /**
     * How far the target is behind.
     *
     * @param lagSeconds null while nothing has arrived yet
     */
    record LinkFigures(String database, long lagBytes, @Nullable Double lagSeconds)
            implements Figures {}

    record StepFailed(String step, Problem problem) implements Event {}

    record StepUndone(String step, double seconds) implements Event {}

    record GuardBroken(String guard, Problem problem) implements Event {}

    /** A sentence about the run as a whole. */
    record Note(String text) implements Event {}

    record Warning(Problem problem) implements Event {}
}
