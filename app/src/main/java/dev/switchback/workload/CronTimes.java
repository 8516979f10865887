package dev.switchback.workload;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The times of a CronJob's schedule: five fields with lists, ranges, steps and names, or a macro
 * such as {@code @daily}, as Kubernetes reads them.
 */
public final class CronTimes {
    private static final Map<String, String> MACROS =
            Map.of(
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *",
                    "@monthly", "0 0 1 * *",
                    "@weekly", "0 0 * * 0",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@hourly", "0 * * * *");
    private static final List<String> MONTHS =
            List.of(
                    "", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");
    private static final List<String> DAYS =
            List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean eitherDay;
    private final ZoneId zone;

    private CronTimes(List<String> fields, ZoneId zone) {
        minutes = field(fields.get(0), 0, 59, List.of());
        hours = field(fields.get(1), 0, 23, List.of());
        days = field(fields.get(2), 1, 31, List.of());
        months = field(fields.get(3), 1, 12, MONTHS);
        weekdays = field(fields.get(4), 0, 7, DAYS);
        if (weekdays.get(7)) {
            weekdays.set(0);
        }
        eitherDay = !isAny(fields.get(2)) && !isAny(fields.get(4));
        this.zone = zone;
    }

    /**
     * @param timeZone as in {@code spec.timeZone}; empty for UTC, in which controllers usually run
     * @throws IllegalArgumentException when it is no schedule that we know
     */
    public static CronTimes parse(String schedule, String timeZone) {
        String text = schedule.strip();
        ZoneId zone = timeZone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(timeZone);
        List<String> fields = new ArrayList<>();
        for (String field :
                MACROS.getOrDefault(text.toLowerCase(Locale.ROOT), text).split("\\s+", -1)) {
            fields.add(field);
        }
        if (fields.size() != 5) {
            throw new IllegalArgumentException("'" + schedule + "' has not five fields");
        }
        return new CronTimes(fields, zone);
    }

    /** The first time at or after {@code from} and before {@code until}. */
    public Optional<Instant> next(Instant from, Instant until) {
        Instant at = from.truncatedTo(ChronoUnit.MINUTES);
        if (at.isBefore(from)) {
            at = at.plus(1, ChronoUnit.MINUTES);
        }
        for (; at.isBefore(until); at = at.plus(1, ChronoUnit.MINUTES)) {
            if (matches(at.atZone(zone))) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private boolean matches(ZonedDateTime time) {
        boolean day = days.get(time.getDayOfMonth());
        boolean weekday = weekdays.get(time.getDayOfWeek().getValue() % 7);
        return minutes.get(time.getMinute())
                && hours.get(time.getHour())
                && months.get(time.getMonthValue())
                // with both days restricted, cron runs on either
                && (eitherDay ? day || weekday : day && weekday);
    }

    private static boolean isAny(String field) {
        return field.startsWith("*") || field.equals("?");
    }

    private static BitSet field(String text, int least, int most, List<String> names) {
        BitSet values = new BitSet();
        for (String part : text.split(",", -1)) {
            String[] step = part.split("/", 2);
            int from = least;
            int to = most;
            if (!step[0].equals("*") && !step[0].equals("?")) {
                String[] range = step[0].split("-", 2);
                from = number(range[0], names);
                to = range.length == 2 ? number(range[1], names) : step.length == 2 ? most : from;
            }
            int by = step.length == 2 ? Integer.parseInt(step[1]) : 1;
            if (from < least || to > most || from > to || by < 1) {
                throw new IllegalArgumentException("'" + part + "' is outside its range");
            }
            for (int i = from; i <= to; i += by) {
                values.set(i);
            }
        }
        return values;
    }

    private static int number(String text, List<String> names) {
        int name = names.indexOf(text.toLowerCase(Locale.ROOT));
        return name >= 0 && !text.isEmpty() ? name : Integer.parseInt(text);
    }
}
