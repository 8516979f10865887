package dev.switchback.settle;

import dev.switchback.health.ApplicationHealth;
import dev.switchback.settle.WatchRecord.Baseline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The baselines that "slower" is measured by, and what comparing them shows. */
public final class Baselines {
    /** The source's, from the journal. */
    public static final String BEFORE = "before";

    /** The target's own, once it has settled. */
    public static final String SETTLED = "settled";

    private static final double FLOOR_SECONDS = 0.001;

    private Baselines() {}

    /**
     * @param bytes size of each database, from the same step
     */
    public static Baseline before(ApplicationHealth health, Map<String, Long> bytes) {
        Map<String, Double> seconds = new TreeMap<>();
        Map<String, Double> statements = new TreeMap<>();
        List<String> unread = new ArrayList<>();
        health.databases()
                .forEach(d -> {
                    d.latencies()
                            .forEach(l ->
                                    seconds.put(
                                            ResponseReader.measurement(d.name(), l.what()),
                                            l.micros() / 1e6));
                    d.statements()
                            .forEach(s ->
                                    statements.put(
                                            d.name() + ": " + s.text(), s.meanMillis() / 1e3));
                    if (!d.statementsUnread().isEmpty()) {
                        unread.add(d.name() + ": " + d.statementsUnread());
                    }
                });
        return new Baseline(
                Instant.parse(health.at()), seconds, bytes, statements, String.join("; ", unread));
    }

    /** What the last looks showed. */
    static Baseline of(Look look) {
        Map<String, Long> bytes = new TreeMap<>();
        look.of(Metric.DATABASE_SIZE_BYTES).stream()
                .filter(s -> "target".equals(s.labels().get("side")))
                .forEach(s ->
                        bytes.put(s.labels().getOrDefault("database", ""), Math.round(s.value())));
        Map<String, Double> statements = new TreeMap<>();
        look.of(Metric.STATEMENT_MEAN_SECONDS)
                .forEach(s ->
                        statements.put(s.labels().get("database") + ": " + s.words(), s.value()));
        List<String> unread =
                look.memory().entrySet().stream()
                        .filter(e -> e.getKey().startsWith("statementsUnread."))
                        .filter(e -> !e.getValue().isEmpty())
                        .map(e ->
                                e.getKey().substring("statementsUnread.".length())
                                        + ": "
                                        + e.getValue())
                        .toList();
        return new Baseline(
                look.at(),
                ResponseReader.middles(look.memory()),
                bytes,
                statements,
                String.join("; ", unread));
    }

    /**
     * One measurement in two baselines.
     *
     * @param factor how many times slower it became; below a millisecond counts as one
     */
    public record Change(String measurement, double before, double after, double factor) {
        public String words() {
            return String.format(
                    Locale.ROOT, "%s %.1f ms, was %.1f ms", measurement, after * 1e3, before * 1e3);
        }
    }

    /** What is in both, the slowest become first. */
    public static List<Change> changes(Baseline before, Baseline after) {
        List<Change> changes = new ArrayList<>();
        after.seconds()
                .forEach((measurement, now) -> {
                    Double then = before.seconds().get(measurement);
                    if (then != null) {
                        changes.add(
                                new Change(
                                        measurement,
                                        then,
                                        now,
                                        Math.max(FLOOR_SECONDS, now)
                                                / Math.max(FLOOR_SECONDS, then)));
                    }
                });
        changes.sort(java.util.Comparator.comparingDouble(Change::factor).reversed());
        return changes;
    }
}
