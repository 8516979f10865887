package dev.switchback.lab.traffic;

import java.time.Duration;
import java.time.Instant;

/**
 * The clients' clock: wall time at the start, monotonic from there, so that no step makes a gap.
 */
final class LedgerClock {
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();

    Instant now() {
        return start.plus(Duration.ofNanos(System.nanoTime() - startNanos));
    }
}
