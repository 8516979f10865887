package dev.switchback.lab.kube;

import java.time.Instant;

/** One control loop; all of them run on the same thread. */
interface Controller extends AutoCloseable {
    /**
     * Moves the cluster one step towards what its objects ask for.
     *
     * @return whether it waits for time to pass; if not, it is called again after the next change
     */
    boolean reconcile(Instant now);

    @Override
    default void close() {}
}
