package dev.switchback.steps.cluster;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A window of Zalando's operator, in UTC: {@code 01:00-06:00} or {@code Sat:00:00-04:00}.
 *
 * @param day empty for every day
 */
record MaintenanceWindow(Optional<DayOfWeek> day, LocalTime from, LocalTime to) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:([A-Za-z]{3})[a-z]*:)?([01]\\d|2[0-3]):([0-5]\\d)-([01]\\d|2[0-3]):([0-5]\\d)");

    static Optional<MaintenanceWindow> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<DayOfWeek> day = Optional.empty();
        if (matcher.group(1) != null) {
            for (DayOfWeek candidate : DayOfWeek.values()) {
                if (candidate.name().startsWith(matcher.group(1).toUpperCase(Locale.ROOT))) {
                    day = Optional.of(candidate);
                }
            }
            if (day.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(
                new MaintenanceWindow(
                        day,
                        LocalTime.of(number(matcher, 2), number(matcher, 3)),
                        LocalTime.of(number(matcher, 4), number(matcher, 5))));
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    boolean holds(Instant at) {
        var time = at.atZone(ZoneOffset.UTC);
        return day.filter(d -> d != time.getDayOfWeek()).isEmpty()
                && !time.toLocalTime().isBefore(from)
                && time.toLocalTime().isBefore(to);
    }
}
