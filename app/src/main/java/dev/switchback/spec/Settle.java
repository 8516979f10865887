package dev.switchback.spec;

import java.time.Duration;

/**
 * How the time after the switch is watched.
 *
 * @param watch how long; the guide says 24 to 48 hours
 * @param interval between two looks
 * @param baselineAfter time watched after which the target's own baseline is recorded
 */
public record Settle(Duration watch, Duration interval, Duration baselineAfter, Limits alerts) {
    public static final Settle DEFAULT =
            new Settle(
                    Duration.ofHours(48),
                    Duration.ofSeconds(30),
                    Duration.ofHours(24),
                    Limits.DEFAULT);

    /**
     * Where alerts begin.
     *
     * @param errorRate share of the applications' log lines that tell of an error, and of
     *     transactions that are rolled back beyond what was usual; 0.05 is 5 %
     * @param responseFactor how many times slower than a baseline a measurement may be
     * @param fullWithin a volume, or the limit of a replication slot, that is full sooner than this
     *     at the present growth
     * @param volumeShare share of a volume that may be used
     * @param slotShare share of a volume, or of the server's own limit, that a replication slot may
     *     keep as WAL
     * @param windowEnding how long before the end of the rollback window it is said
     * @param looks how many looks in a row fire and clear an alert
     */
    public record Limits(
            double errorRate,
            double responseFactor,
            Duration fullWithin,
            double volumeShare,
            double slotShare,
            Duration windowEnding,
            int looks) {
        /** The guide's own thresholds, where it has some. */
        public static final Limits DEFAULT =
                new Limits(0.05, 2.0, Duration.ofHours(24), 0.85, 0.20, Duration.ofHours(6), 2);
    }
}
