package dev.switchback.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits on the run's own threads, which are stopped by {@link StopSignal} only: an interrupt is
 * kept for the caller and shortens nothing, so that a release is never cut in two by it.
 */
final class Waiting {
    private Waiting() {}

    /** Waits until {@code future} has ended in any way; false when the time was over first. */
    static boolean until(CompletableFuture<?> future, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                    return true;
                } catch (ExecutionException e) {
                    return true;
                } catch (TimeoutException e) {
                    return false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
