package dev.switchback.settle;

import dev.switchback.health.ApplicationHealth;
import dev.switchback.health.ApplicationHealth.Database;
import dev.switchback.health.ApplicationHealth.Latency;
import dev.switchback.health.ApplicationHealth.Statement;
import dev.switchback.settle.WatchRecord.Baseline;
import dev.switchback.steps.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How fast the target answers, against each baseline there is. */
final class ResponseReader implements Reader {
    static final String NAME = "response";

    /** Values kept of each measurement, of whose middle a baseline is made. */
    private static final int KEPT = 20;

    /** Below this a round trip is the network's noise. */
    private static final double FLOOR_SECONDS = 0.001;

    private static final String MEMORY = "response.";

    private final World world;

    ResponseReader(World world) {
        this.world = world;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void read(Look look, Past past) {
        for (String database : world.databases()) {
            Database read =
                    ApplicationHealth.readDatabase(
                            world.target(database, "watch"), world.exclusions());
            for (Latency latency : read.latencies()) {
                response(look, past, database, latency.what(), latency.micros() / 1e6);
            }
            for (Statement statement : read.statements()) {
                look.say(
                        Metric.STATEMENT_MEAN_SECONDS,
                        statement.meanMillis() / 1e3,
                        statement.text(),
                        "database",
                        database,
                        "statement",
                        statement.fingerprint());
            }
            look.memory().put("statementsUnread." + database, read.statementsUnread());
        }
    }

    private static void response(
            Look look, Past past, String database, String what, double seconds) {
        String[] labels = {"database", database, "query", what};
        look.put(Metric.QUERY_RESPONSE_SECONDS, seconds, labels);
        String key = measurement(database, what);
        remember(look.memory(), MEMORY + key, seconds);
        past.record()
                .baselines()
                .forEach((name, baseline) -> {
                    Double before = baseline.seconds().get(key);
                    if (before != null) {
                        compare(look, labels, name, before, seconds);
                    }
                });
    }

    private static void compare(
            Look look, String[] labels, String baseline, double before, double seconds) {
        look.say(
                Metric.QUERY_RESPONSE_RATIO,
                seconds / Math.max(FLOOR_SECONDS, before),
                String.format(
                        java.util.Locale.ROOT,
                        "%.1f ms, %s it was %.1f ms",
                        seconds * 1e3,
                        baseline.equals(Baselines.BEFORE) ? "before the switch" : "a day after",
                        before * 1e3),
                labels[0],
                labels[1],
                labels[2],
                labels[3],
                "baseline",
                baseline);
    }

    /** The name of a measurement in a {@link Baseline}. */
    static String measurement(String database, String what) {
        return database + ": " + what;
    }

    private static void remember(Map<String, String> memory, String key, double seconds) {
        List<String> values = new ArrayList<>(List.of(memory.getOrDefault(key, "").split(" ")));
        values.removeIf(String::isEmpty);
        values.add(String.valueOf(Math.round(seconds * 1e6)));
        memory.put(
                key,
                String.join(" ", values.subList(Math.max(0, values.size() - KEPT), values.size())));
    }

    /** The middle of the last values of each measurement, in seconds. */
    static Map<String, Double> middles(Map<String, String> memory) {
        Map<String, Double> middles = new java.util.TreeMap<>();
        memory.forEach((key, text) -> {
            if (key.startsWith(MEMORY) && !text.isBlank()) {
                long[] micros =
                        java.util.Arrays.stream(text.split(" "))
                                .mapToLong(Long::parseLong)
                                .sorted()
                                .toArray();
                middles.put(key.substring(MEMORY.length()), micros[micros.length / 2] / 1e6);
            }
        });
        return middles;
    }
}
