package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/** A time on the command line, in UTC: an ISO-8601 instant, or the next time it is HH:MM. */
final class StartTime {
    private static final Pattern TIME_OF_DAY = Pattern.compile("[0-9]{2}:[0-9]{2}Z?");

    private StartTime() {}

    /**
     * @throws SwitchbackException USAGE when it is no time or not after {@code now}
     */
    static Instant of(String text, Instant now) {
        Instant time;
        try {
            time =
                    TIME_OF_DAY.matcher(text).matches()
                            ? next(LocalTime.parse(text.substring(0, 5)), now)
                            : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw wrong(
                    "'" + text + "' is not a time",
                    "write it like 2026-11-22T02:00:00Z, or 02:00, both UTC");
        }
        if (!time.isAfter(now)) {
            throw wrong(
                    "'" + text + "' is in the past: it is " + now.toString(),
                    "name a later time, or leave --at out to begin now");
        }
        return time;
    }

    private static Instant next(LocalTime time, Instant now) {
        ZonedDateTime today = now.atZone(ZoneOffset.UTC).with(time);
        return (today.toInstant().isAfter(now) ? today : today.plusDays(1)).toInstant();
    }

    private static SwitchbackException wrong(String what, String remedy) {
        return new SwitchbackException(Code.USAGE, "--at", what, remedy);
    }
}
