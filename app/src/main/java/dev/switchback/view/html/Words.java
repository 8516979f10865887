package dev.switchback.view.html;

import dev.switchback.view.TimingViews.SpanView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times and amounts as the page writes them; times are UTC. */
final class Words {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.S", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    static String time(Instant instant) {
        return TIME.format(instant) + " UTC";
    }

    /** Without the day, to tenths of a second. */
    static String clock(Instant instant) {
        return CLOCK.format(instant);
    }

    /** {@code 0 s}, {@code 0.04 s}, {@code 13.9 s}, {@code 4 min 12 s}, {@code 3 h 05 min}. */
    static String seconds(double seconds) {
        if (seconds < 0.005) {
            return "0 s";
        }
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        if (seconds < 119.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 7200
                ? whole / 60 + " min " + whole % 60 + " s"
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }

    static String range(SpanView span) {
        return seconds(span.low()) + " to " + seconds(span.high());
    }

    /** Megabytes are 1,000,000 bytes. */
    static String bytes(long bytes) {
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%,d bytes", bytes)
                : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }

    static String count(long number, String of) {
        return String.format(Locale.ROOT, "%,d %s%s", number, of, number == 1 ? "" : "s");
    }
}
