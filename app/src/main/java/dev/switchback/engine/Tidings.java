package dev.switchback.engine;

import dev.switchback.fault.Problem;
import java.time.Instant;

/** What a {@link Herald} may know of the run that it hears of; callable from any thread. */
public interface Tidings {
    /** The newest journal state we know of. */
    JournalState state();

    Runbook runbook();

    String runId();

    Instant now();

    /** Users are without service, by what is journalled. */
    boolean inDowntime();

    /** Whether the run still holds lock and epoch; one that does not tells nobody anything. */
    boolean mayAct();

    /** Whether this was told in this attempt. */
    boolean told(String what);

    /**
     * Makes durable that it was told.
     *
     * @throws dev.switchback.fault.SwitchbackException when the journal cannot be written, or is no
     *     longer ours
     */
    void tell(Boundary.Kind kind, String what, String result);

    /** Tells people at the terminal. */
    void note(String text);

    void warn(Problem problem);

    /** Throws when the run is being stopped. */
    void checkpoint() throws InterruptedException;

    /** Runs {@code hook} at once, from another thread, when the run is being stopped. */
    AutoCloseable onStop(Runnable hook);
}
