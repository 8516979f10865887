package dev.switchback.steps.cluster;

import dev.switchback.spec.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The time in which the cutover may still run: the document's window – what is left of the one that
 * holds now, or the next; without one, the coming hour.
 *
 * @param declared whether the document says so
 */
record Span(Instant from, Instant to, boolean declared) {
    private static final Duration UNDECLARED = Duration.ofHours(1);

    static Span of(Optional<Window> window, Instant now) {
        if (window.isEmpty()) {
            return new Span(now, now.plus(UNDECLARED), false);
        }
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        // a window that began yesterday may span midnight
        for (int day = -1; day <= 8; day++) {
            Span span = on(window.get(), today.plusDays(day));
            boolean allowed =
                    window.get().days().isEmpty()
                            || window.get().days().contains(today.plusDays(day).getDayOfWeek());
            if (allowed && span.to().isAfter(now)) {
                // what was due earlier in an open window is past
                return span.from().isAfter(now) ? span : new Span(now, span.to(), true);
            }
        }
        throw new IllegalStateException("a window without days");
    }

    private static Span on(Window window, LocalDate day) {
        LocalTime to = window.to();
        boolean midnight = !to.isAfter(window.from());
        return new Span(
                day.atTime(window.from()).toInstant(ZoneOffset.UTC),
                (midnight ? day.plusDays(1) : day).atTime(to).toInstant(ZoneOffset.UTC),
                true);
    }

    boolean holds(Instant at) {
        return !at.isBefore(from) && at.isBefore(to);
    }
}
