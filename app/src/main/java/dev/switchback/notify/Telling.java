package dev.switchback.notify;

import dev.switchback.engine.Boundary;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Stopper;

/**
 * One thing to be told at a boundary, to one destination or by one hook.
 *
 * @param what names it in the journal, unique within an attempt but for what happens again
 * @param blocks whether its failure shall hold the run
 */
record Telling(Boundary.Kind kind, String what, boolean blocks, Telling.Work work) {
    /** How a result begins that is a failure. */
    static final String FAILED = "failed: ";

    /** The telling itself. */
    @FunctionalInterface
    interface Work {
        /**
         * @return how it went, in few words
         * @throws SwitchbackException when it was not told
         */
        String call(Stopper stopper) throws InterruptedException;
    }

    /** One that is not told any more: that it is not is journalled. */
    static Telling skipped(Boundary.Kind kind, String what, String why) {
        return new Telling(kind, what, false, stopper -> "skipped: " + why);
    }
}
