package dev.switchback.estimate;

/**
 * How fast this pair of servers is, in bytes a second of one worker.
 *
 * @param measured whether {@code copy}, {@code index} and {@code hash} were measured here and now
 * @param note what was measured, or why nothing was
 * @param copy table bytes on disk, read from the source and written to the target
 * @param index btree bytes built on the target
 * @param hash table bytes hashed row by row on the target
 * @param connectSeconds opening one session, the slower side
 * @param roundTripSeconds one trivial statement, the slower side
 */
public record Rates(
        boolean measured,
        String note,
        double copy,
        double index,
        double hash,
        double connectSeconds,
        double roundTripSeconds) {
    /** Table bytes a second that a modest cloud volume and two cores give. */
    static final double ASSUMED_COPY = 15e6;

    static final double ASSUMED_INDEX = 20e6;
    static final double ASSUMED_HASH = 50e6;
    static final double ASSUMED_CONNECT = 0.05;
    static final double ASSUMED_ROUND_TRIP = 0.002;

    /** What we go by where nothing could be measured; spans made of it are wide. */
    public static Rates assumed(String why) {
        return new Rates(
                false,
                why,
                ASSUMED_COPY,
                ASSUMED_INDEX,
                ASSUMED_HASH,
                ASSUMED_CONNECT,
                ASSUMED_ROUND_TRIP);
    }

    /** {@code measured} or {@code assumed}. */
    public String basis() {
        return measured ? "measured" : "assumed";
    }

    /** Data rates as they are, with the times of sessions that could be measured all the same. */
    Rates withTrips(double connect, double roundTrip) {
        return new Rates(measured, note, copy, index, hash, connect, roundTrip);
    }

    /** Turns work into a span; the factors are the model's known error (docs/estimate.md). */
    Span seconds(double low, double expected, double high) {
        return measured
                ? new Span(low * 0.4, expected, high * 2.5)
                : new Span(low * 0.15, expected, high * 6);
    }
}
