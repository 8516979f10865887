package dev.switchback.spec;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;
import java.util.Set;

/**
 * When a cutover may run.
 *
 * @param from UTC
 * @param to UTC; before {@code from} when the window spans midnight
 * @param days days on which it may begin; empty means every day
 * @param maxLength longest predicted duration that is accepted
 */
public record Window(
        LocalTime from, LocalTime to, Set<DayOfWeek> days, Optional<Duration> maxLength) {}
