package dev.switchback.engine;

import dev.switchback.fault.Problem;
import dev.switchback.progress.Progress;
import java.util.Optional;

/** What a step may know and say while it is looked at, applied or undone. */
public interface StepContext {
    /**
     * Unique per process: part of {@code application_name}, so that a successor can find our
     * sessions.
     */
    String runId();

    /** Derived from the migration; names of things we create come from it. */
    String migrationUid();

    int attempt();

    /** This step's capture of the current attempt; {@link Facts#NONE} before it was taken. */
    Facts captured();

    /**
     * Evidence of a step journalled as done in this attempt; for the step itself also what {@link
     * #evidence} made durable before a crash.
     */
    Optional<Facts> evidenceOf(String stepId);

    /** Whether checks may take their time: {@code check --deep}. */
    default boolean deep() {
        return false;
    }

    /**
     * Whether the journal says that a step of this attempt was begun and is not done: what it does
     * may be seen half done, also after a crash.
     */
    default boolean underWay(String stepId) {
        return false;
    }

    /** Whether a person approved the cutover of this attempt. */
    default boolean approved() {
        return false;
    }

    /**
     * Tells others that a cutover is waited for, by now.
     *
     * @return why it must not begin
     */
    default Optional<Problem> countdown() throws InterruptedException {
        return Optional.empty();
    }

    /** Whether a person paused the migration: what waits for something else waits no longer. */
    default boolean paused() {
        return false;
    }

    /**
     * Adds to this step's evidence what only {@code apply} can know. Said while applying, it is
     * durable when this returns. Guards, gates and undo have no evidence: nothing is kept of it.
     */
    void evidence(Facts facts);

    /**
     * One fact of evidence; several belong into one {@link #evidence(Facts)}, which is one write.
     */
    default void evidence(String name, String value) {
        evidence(Facts.of(name, value));
    }

    /** Tells people what is going on. */
    void note(String text);

    /** Tells views that draw how far it is; quick, and may be called often. */
    default void moved(Progress.Figures figures) {}

    /** Throws when the run is being stopped; long loops call it between pieces of work. */
    void checkpoint() throws InterruptedException;

    /**
     * Runs {@code hook} at once, from another thread, when the run is being stopped: closes
     * sockets, ends children.
     */
    AutoCloseable onStop(Runnable hook);
}
