package dev.switchback.spec;

import dev.switchback.spec.Validation.Query;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Readers of the document's sections about proof and time: validate, probes, window, overrides. */
final class ProofSections {
    private static final Pattern CODE = Pattern.compile("SB-[0-9]{3}");
    private static final Pattern HOURS = Pattern.compile("([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})");

    private ProofSections() {}

    static List<Acceptance> overrides(Fields spec) {
        List<Acceptance> overrides = new ArrayList<>();
        for (Fields entry : spec.objects("overrides")) {
            String code = entry.string("code").orElse("");
            Optional<String> object = entry.string("object");
            String reason = entry.string("reason").orElse("");
            if (!CODE.matcher(code).matches()) {
                entry.wrong(
                        "code",
                        "is '" + code + "', not a code",
                        "write it as check prints it: SB-316");
            }
            if (reason.isBlank()) {
                entry.missing("reason", "say why this may be accepted; the report shows it");
            }
            entry.nothingElse();
            overrides.add(new Acceptance(code, object, reason));
        }
        return overrides;
    }

    static Validation validation(Fields section) {
        List<Query> queries = new ArrayList<>();
        for (Fields entry : section.objects("queries")) {
            String sql = entry.string("sql").orElse("");
            if (sql.isBlank()) {
                entry.missing("sql", "write a query that returns one value");
            }
            queries.add(new Query(sql, entry.string("database"), entry.scalar("expect")));
            entry.nothingElse();
        }
        double slowdown = section.decimal("slowdown", Validation.DEFAULT.slowdown(), 1, 100);
        section.nothingElse();
        return new Validation(queries, slowdown);
    }

    static Probes probes(Fields section) {
        List<Probes.Http> http = new ArrayList<>();
        for (Fields entry : section.objects("http")) {
            String url = entry.string("url").orElse("");
            int expect = entry.integer("expect", 200, 100, 599);
            Duration timeout = entry.duration("timeout", Duration.ofSeconds(10));
            entry.nothingElse();
            try {
                URI uri = new URI(url);
                if (uri.getHost() == null
                        || !Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                    throw new URISyntaxException(url, "no http or https URL with a host");
                }
                http.add(new Probes.Http(uri, expect, timeout));
            } catch (URISyntaxException e) {
                entry.wrong("url", "is '" + url + "': " + e.getReason(), "write a URL");
            }
        }
        section.nothingElse();
        return new Probes(http);
    }

    static Optional<Window> window(Fields spec) {
        if (!spec.has("window")) {
            spec.optionalObject("window");
            return Optional.empty();
        }
        Fields section = spec.object("window");
        LocalTime from = LocalTime.MIDNIGHT;
        LocalTime to = LocalTime.MIDNIGHT;
        String utc = section.string("utc").orElse("");
        Matcher hours = HOURS.matcher(utc);
        try {
            if (!hours.matches()) {
                throw new DateTimeParseException("not HH:MM-HH:MM", utc, 0);
            }
            from = LocalTime.parse(hours.group(1));
            to = LocalTime.parse(hours.group(2));
        } catch (DateTimeParseException e) {
            section.wrong(
                    "utc", "is '" + utc + "', not a time of day", "write it like 02:00-06:00");
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String word : section.strings("days")) {
            Optional<DayOfWeek> day = day(word);
            day.ifPresent(days::add);
            if (day.isEmpty()) {
                section.wrong(
                        "days",
                        "'" + word + "' is no day",
                        "write mon, tue, wed, thu, fri, sat, sun");
            }
        }
        Duration longest = section.duration("maxLength", Duration.ZERO);
        Optional<Duration> maxLength =
                section.has("maxLength") ? Optional.of(longest) : Optional.empty();
        List<Window.Dates> blackout = blackout(section);
        section.nothingElse();
        return Optional.of(new Window(from, to, days, maxLength, blackout));
    }

    private static List<Window.Dates> blackout(Fields section) {
        List<Window.Dates> blackout = new ArrayList<>();
        for (String text : section.strings("blackout")) {
            String[] ends = text.split("/", -1);
            try {
                LocalDate first = LocalDate.parse(ends[0]);
                LocalDate last = ends.length == 1 ? first : LocalDate.parse(ends[1]);
                if (ends.length > 2 || last.isBefore(first)) {
                    throw new DateTimeParseException("no dates", text, 0);
                }
                blackout.add(new Window.Dates(first, last));
            } catch (DateTimeParseException e) {
                section.wrong(
                        "blackout",
                        "'" + text + "' are no dates",
                        "write the first and the last, in quotes: \"2026-12-24/2026-12-26\"");
            }
        }
        return blackout;
    }

    private static Optional<DayOfWeek> day(String word) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().substring(0, 3).equals(word.toUpperCase(Locale.ROOT))) {
                return Optional.of(day);
            }
        }
        return Optional.empty();
    }
}
