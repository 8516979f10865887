package dev.switchback.settle;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One comparison of one metric with one number: evaluated here on a look's samples, and by
 * Prometheus as {@link #promql}. True when any sample with these labels satisfies it.
 */
public record Condition(Metric metric, Map<String, String> labels, Op op, double threshold) {

    /** How a value is compared. */
    public enum Op {
        ABOVE(">"),
        BELOW("<"),
        IS("==");

        private final String sign;

        Op(String sign) {
            this.sign = sign;
        }
    }

    static Condition of(Metric metric, Op op, double threshold) {
        return new Condition(metric, Map.of(), op, threshold);
    }

    /** The samples that satisfy it. */
    List<Sample> satisfiedBy(Look look) {
        return look.of(metric).stream()
                .filter(s -> s.labels().entrySet().containsAll(labels.entrySet()))
                .filter(s -> holds(s.value()))
                .toList();
    }

    private boolean holds(double value) {
        return switch (op) {
            case ABOVE -> value > threshold;
            case BELOW -> value < threshold;
            case IS -> value == threshold;
        };
    }

    /** The same for Prometheus. */
    public String promql() {
        String selector =
                labels.isEmpty()
                        ? ""
                        : labels.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(e -> e.getKey() + "=\"" + e.getValue() + "\"")
                                .collect(Collectors.joining(",", "{", "}"));
        return metric.id() + selector + " " + op.sign + " " + number(threshold);
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.valueOf(value);
    }
}
