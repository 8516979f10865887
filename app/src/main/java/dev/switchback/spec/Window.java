package dev.switchback.spec;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When a cutover may run.
 *
 * @param from UTC
 * @param to UTC; before {@code from} when the window spans midnight
 * @param days days on which it may begin; empty means every day
 * @param blackout dates, UTC, on which no cutover may run; both ends of each belong to it
 * @param maxLength longest predicted duration that is accepted
 */
public record Window(
        LocalTime from,
        LocalTime to,
        Set<DayOfWeek> days,
        Optional<Duration> maxLength,
        List<Window.Dates> blackout) {

    /** From the first date to the last, both included. */
    public record Dates(LocalDate first, LocalDate last) {
        @Override
        public String toString() {
            return first.equals(last) ? first.toString() : first + "/" + last;
        }
    }
}
