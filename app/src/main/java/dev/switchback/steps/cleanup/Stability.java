package dev.switchback.steps.cleanup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What watching found since the switch.
 *
 * @param since start of the present stretch without an alert; empty while one fires, or before the
 *     first look
 * @param lastLook empty when nobody ever watched
 * @param watched how long was really watched
 * @param firing alerts that fire now
 * @param backupProven whether the target's own first backup is proven
 */
public record Stability(
        Optional<Instant> since,
        Optional<Instant> lastLook,
        Duration watched,
        List<String> firing,
        boolean backupProven) {
    /** Nobody watched. */
    public static final Stability UNKNOWN =
            new Stability(Optional.empty(), Optional.empty(), Duration.ZERO, List.of(), false);
}
