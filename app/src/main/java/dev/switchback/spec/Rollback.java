package dev.switchback.spec;

import java.time.Duration;

/**
 * The way back after the switch.
 *
 * @param window how long after the switch the way back with data is meant to be kept; nothing ends
 *     by itself when it is over, {@code switchback close-rollback} ends it
 * @param link whether a link is made that carries the target's writes back
 */
public record Rollback(Duration window, boolean link) {
    /** The migration guide's: watch for 24 to 48 hours; the longer. */
    public static final Rollback DEFAULT = new Rollback(Duration.ofDays(2), true);
}
