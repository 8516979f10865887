package dev.switchback.pg;

/**
 * How long work in the data rooms learns that it must stop; the engine's side of it is wired by the
 * steps.
 */
public interface Stopper {
    /** Throws when the work must stop; called between pieces of work. */
    void checkpoint() throws InterruptedException;

    /**
     * Runs {@code hook} at once, from another thread, when the work must stop; close to take the
     * hook back.
     */
    AutoCloseable onStop(Runnable hook);

    /** Never stops. */
    Stopper NEVER =
            new Stopper() {
                @Override
                public void checkpoint() {}

                @Override
                public AutoCloseable onStop(Runnable hook) {
                    return () -> {};
                }
            };
}
