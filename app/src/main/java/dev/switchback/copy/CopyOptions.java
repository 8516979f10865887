package dev.switchback.copy;

/**
 * How tables are copied.
 *
 * @param attempt under which progress is noted
 * @param jobs how many work at the same time
 * @param smallestPart bytes that a part of a table has at least, when the table is cut
 * @param largestRow bytes of the largest row that is let through
 */
public record CopyOptions(int attempt, int jobs, long smallestPart, long largestRow) {
    private static final long SMALLEST_PART = 64L << 20;

    /** 200 MB, and a little for what surrounds the value. */
    private static final long LARGEST_ROW = 201L << 20;

    public static CopyOptions of(int attempt, int jobs) {
        return new CopyOptions(attempt, Math.max(1, jobs), SMALLEST_PART, LARGEST_ROW);
    }
}
