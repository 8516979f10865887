package dev.switchback.settle;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the way back stands; asked above this room, where both directions are known. */
@FunctionalInterface
public interface WayBack {
    Standing now() throws InterruptedException;

    /**
     * @param link {@code streaming}, {@code none} or {@code broken}
     * @param linkReason in words
     * @param rollback {@code free}, {@code withData}, {@code loses-writes} or {@code impossible}
     * @param windowEnds when the rollback window is meant to end; null when it is closed or there
     *     is none
     */
    record Standing(
            String link,
            String linkReason,
            String rollback,
            @Nullable Instant windowEnds,
            List<Lag> lags) {}

    /**
     * How far one database's link is behind.
     *
     * @param seconds age of the newest heartbeat; null while there was none
     */
    record Lag(String database, long bytes, @Nullable Double seconds) {}
}
