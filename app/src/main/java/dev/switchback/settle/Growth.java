package dev.switchback.settle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How fast something grows: a few values over at most a day, kept in the record's memory as {@code
 * second:value}. When there are too many, every second one goes.
 */
final class Growth {
    private static final int KEPT = 48;
    private static final Duration OLDEST = Duration.ofDays(1);

    /** Over less than this a checkpoint looks like growth without end. */
    private static final Duration LEAST = Duration.ofMinutes(10);

    private Growth() {}

    private record Point(long second, double value) {
        static Point parse(String text) {
            int colon = text.indexOf(':');
            return new Point(
                    Long.parseLong(text.substring(0, colon)),
                    Double.parseDouble(text.substring(colon + 1)));
        }

        String text() {
            return second + ":" + Math.round(value);
        }
    }

    /**
     * Remembers the value and tells the growth since the oldest one.
     *
     * @return units a second; empty while too little time is known
     */
    static OptionalDouble add(Map<String, String> memory, String key, Instant now, double value) {
        List<Point> points = new ArrayList<>();
        for (String text : memory.getOrDefault(key, "").split(" ")) {
            if (!text.isEmpty()) {
                points.add(Point.parse(text));
            }
        }
        long second = now.getEpochSecond();
        points.removeIf(p -> second - p.second() > OLDEST.toSeconds() || p.second() > second);
        OptionalDouble rate = OptionalDouble.empty();
        if (!points.isEmpty() && second - points.getFirst().second() >= LEAST.toSeconds()) {
            Point first = points.getFirst();
            rate = OptionalDouble.of((value - first.value()) / (second - first.second()));
        }
        points.add(new Point(second, value));
        if (points.size() > KEPT) {
            List<Point> half = new ArrayList<>();
            for (int i = 0; i < points.size(); i += 2) {
                half.add(points.get(i));
            }
            points = half;
        }
        memory.put(key, String.join(" ", points.stream().map(Point::text).toList()));
        return rate;
    }

    /** Until {@code room} is used up; empty when it does not grow. */
    static OptionalDouble secondsUntil(OptionalDouble rate, double room) {
        return rate.isPresent() && rate.getAsDouble() > 0
                ? OptionalDouble.of(Math.max(0, room) / rate.getAsDouble())
                : OptionalDouble.empty();
    }
}
