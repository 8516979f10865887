package dev.switchback.pg;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Waiting by a clock that may run faster than the real one: a drill shows days in minutes. The
 * clock is looked at in small real steps, so that a wait ends at most one of them late.
 */
public final class ClockWait {
    private static final long STEP_MILLIS = 50;

    private ClockWait() {}

    /**
     * Returns once the clock shows this time; at once when it is past.
     *
     * @throws InterruptedException when the stopper asks to stop
     */
    public static void until(InstantSource clock, Instant when, Stopper stopper)
            throws InterruptedException {
        stopper.checkpoint();
        for (Instant now = clock.instant(); now.isBefore(when); now = clock.instant()) {
            long left = Duration.between(now, when).toMillis() + 1;
            TimeUnit.MILLISECONDS.sleep(Math.min(STEP_MILLIS, left));
            stopper.checkpoint();
        }
    }
}
