package dev.switchback.settle;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One value of one metric.
 *
 * @param labels no secrets, and few different values
 * @param words what is behind the value, for people; not exposed
 */
public record Sample(Metric metric, Map<String, String> labels, double value, String words) {
    public Sample {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    static Sample of(Metric metric, long value, String words, String... labels) {
        return of(metric, (double) value, words, labels);
    }

    /**
     * @param labels alternating names and values
     */
    static Sample of(Metric metric, double value, String words, String... labels) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return new Sample(metric, map, value, words);
    }
}
