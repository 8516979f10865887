package dev.switchback.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.KubeObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the writers' running pods tell about how long they take to stop and to start.
 *
 * @param pods how many there are
 * @param grace seconds of the longest termination grace period; 0 without pods
 * @param starts seconds from start to ready, of each pod that was started once and tells both
 */
public record PodTimes(int pods, long grace, List<Double> starts) {
    /** What Kubernetes grants a pod that asks for nothing else. */
    private static final int DEFAULT_GRACE = 30;

    static PodTimes of(List<KubeObject> pods) {
        long grace = 0;
        List<Double> starts = new ArrayList<>();
        for (KubeObject pod : pods) {
            long own = pod.spec().path("terminationGracePeriodSeconds").asLong(DEFAULT_GRACE);
            grace = Math.max(grace, own);
            start(pod).ifPresent(starts::add);
        }
        return new PodTimes(pods.size(), grace, List.copyOf(starts));
    }

    private static Optional<Double> start(KubeObject pod) {
        for (JsonNode container : pod.status().path("containerStatuses")) {
            if (container.path("restartCount").asInt(0) > 0) {
                // it became ready again long after it was started
                return Optional.empty();
            }
        }
        for (JsonNode condition : pod.status().path("conditions")) {
            if (condition.path("type").asText().equals("Ready")
                    && condition.path("status").asText().equals("True")) {
                return seconds(
                        pod.status().path("startTime").asText(),
                        condition.path("lastTransitionTime").asText());
            }
        }
        return Optional.empty();
    }

    private static Optional<Double> seconds(String from, String until) {
        try {
            double seconds =
                    Duration.between(Instant.parse(from), Instant.parse(until)).toMillis() / 1000.0;
            return seconds < 0 ? Optional.empty() : Optional.of(seconds);
        } catch (DateTimeException told) {
            // a pod that does not tell both is no observation
            return Optional.empty();
        }
    }
}
