package dev.switchback.estimate;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOperation;
import org.postgresql.copy.CopyOut;

/**
 * A bounded stream of COPY text from one session into another.
 *
 * @param text bytes of COPY text carried
 * @param rate of them a second, once warm
 */
record Flow(long text, double rate) {
    /** COPY text that is carried at most. */
    static final long MAX_BYTES = 32_000_000;

    /** How long rows flow at most. */
    static final double MAX_SECONDS = 1.2;

    /** So much goes by uncounted: caches and our own code warm up in it. */
    private static final long WARM_UP = 1_000_000;

    private static final String CANCELLED = "57014";
    private static final int BUFFER_BYTES = 64 * 1024;

    /**
     * Carries rows until the source has no more or a bound is met; both copies are ended then, and
     * a source that had more to say is left with its transaction failed.
     */
    static Flow run(CopyOut out, CopyIn in) throws SQLException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int filled = 0;
        long text = 0;
        long start = System.nanoTime();
        long warm = start;
        long warmText = 0;
        try {
            byte @Nullable [] row = out.readFromCopy();
            while (row != null) {
                if (filled + row.length > buffer.length) {
                    in.writeToCopy(buffer, 0, filled);
                    filled = 0;
                }
                if (row.length > buffer.length) {
                    in.writeToCopy(row, 0, row.length);
                } else {
                    System.arraycopy(row, 0, buffer, filled, row.length);
                    filled += row.length;
                }
                text += row.length;
                if (warmText == 0 && text >= WARM_UP) {
                    warm = System.nanoTime();
                    warmText = text;
                }
                boolean enough =
                        text >= MAX_BYTES || (System.nanoTime() - start) / 1e9 >= MAX_SECONDS;
                row = enough ? null : out.readFromCopy();
            }
            in.writeToCopy(buffer, 0, filled);
            in.endCopy();
            double seconds = (System.nanoTime() - warm) / 1e9;
            return new Flow(text, Math.max(1, text - warmText) / Math.max(seconds, 1e-3));
        } finally {
            abandon(in);
            abandon(out);
        }
    }

    private static void abandon(CopyOperation copy) throws SQLException {
        if (copy.isActive()) {
            try {
                copy.cancelCopy();
            } catch (SQLException e) {
                // a copy that still had rows answers our cancel with an error: that is the end of
                // it
                if (!CANCELLED.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }
}
