package dev.switchback.settle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One thing that must not be so after the switch.
 *
 * @param name stable; also the name of the Prometheus alert and the reason of the Kubernetes Event
 * @param conditions any of them makes it true
 * @param readings what it is judged by; while one of them cannot be taken it is not known to be
 *     fine
 * @param fireAfter looks in a row that must show it
 * @param clearAfter looks in a row that must not
 * @param summary what it means, for people
 * @param remedy what to do
 */
public record AlertRule(
        String name,
        Severity severity,
        List<Condition> conditions,
        Set<String> readings,
        int fireAfter,
        int clearAfter,
        String summary,
        String remedy) {

    /** How much it matters. */
    public enum Severity {
        CRITICAL,
        WARNING,
        /** A reminder: it neither ends a stable stretch nor fails {@code watch}. */
        INFO;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What makes it true now, in words; empty when nothing does. */
    List<String> seen(Look look) {
        List<String> seen = new ArrayList<>();
        for (Condition condition : conditions) {
            for (Sample sample : condition.satisfiedBy(look)) {
                seen.add(words(sample));
            }
        }
        return seen;
    }

    private static String words(Sample sample) {
        String labels =
                sample.labels().isEmpty()
                        ? ""
                        : sample.labels().entrySet().stream()
                                .filter(e ->
                                        !e.getKey().equals("reading") || sample.words().isEmpty())
                                .map(Map.Entry::getValue)
                                .collect(Collectors.joining(" "));
        return (sample.words().isEmpty()
                        ? labels
                                + " "
                                + Condition.number(Math.round(sample.value() * 1000) / 1000.0)
                        : (labels.isEmpty() ? "" : labels + ": ") + sample.words())
                .strip();
    }

    /** The whole as one expression for Prometheus. */
    public String promql() {
        return conditions.stream().map(Condition::promql).collect(Collectors.joining(" or "));
    }
}
