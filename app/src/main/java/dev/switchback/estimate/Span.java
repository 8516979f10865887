package dev.switchback.estimate;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A predicted duration: what is expected, and between what it honestly lies.
 *
 * @param low seconds, at least zero
 * @param expected seconds, at least {@code low}
 * @param high seconds, at least {@code expected}
 */
public record Span(double low, double expected, double high) {
    public static final Span NONE = new Span(0, 0, 0);
    private static final Pattern TEXT = Pattern.compile("([0-9.]+)/([0-9.]+)/([0-9.]+)");

    /**
     * @throws IllegalArgumentException when the three are not in order or below zero
     */
    public Span {
        if (!(0 <= low && low <= expected && expected <= high)) {
            throw new IllegalArgumentException(low + " <= " + expected + " <= " + high);
        }
    }

    /** Both together, one after the other; what makes one slow makes the other slow, too. */
    public Span plus(Span other) {
        return new Span(low + other.low, expected + other.expected, high + other.high);
    }

    /** Never longer than a budget after which the run gives up. */
    Span atMost(double seconds) {
        return new Span(
                Math.min(low, seconds), Math.min(expected, seconds), Math.min(high, seconds));
    }

    /** For the journal: {@code low/expected/high} in seconds. */
    String compact() {
        return number(low) + "/" + number(expected) + "/" + number(high);
    }

    /**
     * @throws IllegalArgumentException when the text is none of {@link #compact}
     */
    static Span parse(String text) {
        Matcher numbers = TEXT.matcher(text);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("no span: " + text);
        }
        return new Span(
                Double.parseDouble(numbers.group(1)),
                Double.parseDouble(numbers.group(2)),
                Double.parseDouble(numbers.group(3)));
    }

    /** Rounded as coarsely as a prediction deserves: {@code 3 min (40 s to 12 min)}. */
    public String words() {
        return words(expected) + " (" + words(low) + " to " + words(high) + ")";
    }

    /** Seconds below a minute and a half, minutes below two hours, hours above. */
    public static String words(double seconds) {
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        if (seconds < 90) {
            return Math.round(seconds) + " s";
        }
        if (seconds < 7200) {
            return Math.round(seconds / 60) + " min";
        }
        return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }

    public static String words(Duration duration) {
        return words(duration.toMillis() / 1000.0);
    }

    private static String number(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds);
    }
}
