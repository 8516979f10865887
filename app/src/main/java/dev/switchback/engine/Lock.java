package dev.switchback.engine;

import dev.switchback.fault.Problem;
import java.util.Optional;

/** The second lock beside the journal's epoch: one run at a time touches the two servers. */
public interface Lock {

    /**
     * Takes the lock and ends whatever sessions a dead predecessor left behind.
     *
     * @param predecessor the run named in the journal, if any
     * @throws dev.switchback.fault.SwitchbackException LOCKED when another run is alive
     */
    Held acquire(String runId, Optional<String> predecessor);

    /** The lock while we have it. */
    interface Held extends AutoCloseable {
        /** The problem when it is lost; then nothing more may be done. */
        Optional<Problem> lost();

        @Override
        void close();
    }
}
