package dev.switchback.settle;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Samples in Prometheus' text format, version 0.0.4. */
public final class Exposition {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private Exposition() {}

    /**
     * Grouped by metric, each with its help and type; a second value of the same labels is left
     * out.
     */
    public static String text(Collection<Sample> samples) {
        Map<Metric, Map<Map<String, String>, Double>> byMetric = new EnumMap<>(Metric.class);
        for (Sample sample : samples) {
            byMetric.computeIfAbsent(sample.metric(), m -> new java.util.LinkedHashMap<>())
                    .putIfAbsent(sample.labels(), sample.value());
        }
        StringBuilder text = new StringBuilder();
        byMetric.forEach((metric, values) -> {
            text.append("# HELP ").append(metric.id()).append(' ');
            text.append(metric.help().replace("\\", "\\\\").replace("\n", "\\n"));
            text.append("\n# TYPE ").append(metric.id()).append(' ').append(metric.type());
            text.append('\n');
            values.forEach((labels, value) ->
                    text.append(metric.id())
                            .append(labels(labels))
                            .append(' ')
                            .append(Condition.number(value))
                            .append('\n'));
        });
        return text.toString();
    }

    private static String labels(Map<String, String> labels) {
        return labels.isEmpty()
                ? ""
                : labels.entrySet().stream()
                        .map(e -> e.getKey() + "=\"" + escaped(e.getValue()) + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** A look and what it made of the record, as samples. */
    public static List<Sample> of(Look look, WatchRecord record) {
        java.util.ArrayList<Sample> samples = new java.util.ArrayList<>(look.samples());
        samples.add(
                Sample.of(
                        Metric.WATCH_LAST_LOOK_TIMESTAMP_SECONDS, look.at().getEpochSecond(), ""));
        samples.add(Sample.of(Metric.WATCHED_SECONDS, record.watchedSeconds(), ""));
        samples.add(Sample.of(Metric.LATE_WRITERS_KNOWN, record.lateWriters().size(), ""));
        record.stableSince()
                .ifPresent(at ->
                        samples.add(
                                Sample.of(
                                        Metric.STABLE_SINCE_TIMESTAMP_SECONDS,
                                        at.getEpochSecond(),
                                        "")));
        record.alerts()
                .forEach(a ->
                        samples.add(
                                Sample.of(
                                        Metric.ALERT_FIRING,
                                        a.isFiring() ? 1 : 0,
                                        "",
                                        "alert",
                                        a.alert())));
        return samples;
    }
}
