package dev.switchback.steps.access;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.steps.Findings;
import java.util.function.Supplier;

/** A state that does not change while it is looked at several times, within a second. */
final class Polls {
    private static final int TIMES = 3;
    private static final long APART_MILLIS = 300;

    private Polls() {}

    /**
     * @param state everything that a failover changes, in words
     * @return whether it stayed as it was
     */
    static boolean stable(String object, Supplier<String> state, Findings findings)
            throws InterruptedException {
        String first = state.get();
        for (int i = 1; i < TIMES; i++) {
            Thread.sleep(APART_MILLIS);
            String now = state.get();
            if (!now.equals(first)) {
                findings.fail(
                        new Problem(
                                Code.CLUSTER_UNSETTLED,
                                object,
                                "changed while we looked: " + first + ", then " + now,
                                "wait until it rests, and check again",
                                "a cluster that is just failing over may promise writes that the new"
                                        + " primary never saw"));
                return false;
            }
        }
        return true;
    }
}
