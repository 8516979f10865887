package dev.switchback.lab;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Polls a condition of something outside the test until it holds. */
public final class Await {
    private Await() {}

    public static void until(String what, Duration within, Callable<Boolean> condition)
            throws Exception {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + within + ": " + what);
            }
            Thread.sleep(20);
        }
    }
}
