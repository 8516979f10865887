package dev.switchback.estimate;

import java.util.List;

/**
 * What the writers' pods tell about stopping and starting them.
 *
 * @param pods how many run now
 * @param grace seconds of the longest termination grace period; 0 without pods
 * @param starts seconds from a pod's start until it was ready, of each pod that tells it
 * @param stopBudget seconds after which a stop is given up
 * @param startBudget seconds after which a start is given up
 */
public record WriterTimes(
        int pods, double grace, List<Double> starts, double stopBudget, double startBudget) {
    private static final double LITTLE = 0.1;
    private static final double POLL = 0.5;

    /** A stopped pod may use its grace to the end; most need much less. */
    Span stop() {
        return pods == 0
                ? new Span(LITTLE, POLL, 3)
                : new Span(POLL, Math.max(2, grace / 3), grace + 10).atMost(stopBudget);
    }

    /** All start at once, the slowest counts; now image and caches are warm or are not. */
    Span start() {
        if (pods == 0) {
            return new Span(LITTLE, POLL, 3);
        }
        double slowest = starts.stream().mapToDouble(Double::doubleValue).max().orElse(30);
        double fastest = starts.stream().mapToDouble(Double::doubleValue).min().orElse(2);
        return new Span(Math.max(POLL, fastest / 2), slowest + 1, slowest * 3 + 15)
                .atMost(startBudget);
    }
}
