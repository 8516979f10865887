package dev.switchback.steps.timing;

import dev.switchback.estimate.Span;
import dev.switchback.spec.Window;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A window and the cutover that is to happen in it. A day counts for the window that opens on it,
 * also when that one ends on the next.
 *
 * @param cutover the predicted length of the cutover
 */
public record WindowFit(Window window, Span cutover) {
    private static final Duration DAY = Duration.ofDays(1);

    /** How long the window is open. */
    Duration length() {
        Duration between = Duration.between(window.from(), window.to());
        return between.isPositive() ? between : between.plus(DAY);
    }

    /** The longest cutover that is accepted. */
    public Duration allowed() {
        return window.maxLength().filter(m -> m.compareTo(length()) < 0).orElse(length());
    }

    /** Even the upper end of the prediction fits. */
    public boolean fits() {
        return cutover.high() <= allowed().toSeconds();
    }

    /**
     * How long it stays open; empty when it is closed.
     *
     * @param now UTC
     */
    public Optional<Duration> openFor(LocalDateTime now) {
        for (int daysAgo = 0; daysAgo <= 1; daysAgo++) {
            LocalDateTime opened = now.toLocalDate().minusDays(daysAgo).atTime(window.from());
            Duration left = Duration.between(now, opened.plus(length()));
            if (opensOn(opened.getDayOfWeek()) && !now.isBefore(opened) && left.isPositive()) {
                return Optional.of(left);
            }
        }
        return Optional.empty();
    }

    private boolean opensOn(DayOfWeek day) {
        return window.days().isEmpty() || window.days().contains(day);
    }

    /** As the document writes it: {@code 02:00-06:00 UTC on tue, wed, at most 4.0 h}. */
    public String words() {
        String days =
                window.days().stream()
                        .sorted(Comparator.naturalOrder())
                        .map(d ->
                                d.getDisplayName(TextStyle.SHORT, Locale.ENGLISH)
                                        .toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return window.from()
                + "-"
                + window.to()
                + " UTC"
                + (days.isEmpty() ? "" : " on " + days)
                + ", at most "
                + Span.words(allowed());
    }
}
