package dev.switchback.lab.kube;

import static dev.switchback.lab.kube.MastodonCluster.NAMESPACE;
import static dev.switchback.lab.kube.MastodonCluster.SOURCE;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The Patroni processes: the leader's renews its lock every {@code loop_wait}, as long as it holds
 * it; all of them run their cluster's loop.
 */
final class PatroniAgent implements Controller {
    private static final Duration LOOP_WAIT = Duration.ofSeconds(10);

    private final ClusterObjects objects;
    private final Map<String, PatroniCluster> clusters;
    private Instant due = Instant.MIN;

    /**
     * @param clusters by name; one without servers has nobody who runs its loop
     */
    PatroniAgent(ClusterObjects objects, Map<String, PatroniCluster> clusters) {
        this.objects = objects;
        this.clusters = clusters;
    }

    @Override
    public boolean reconcile(Instant now) {
        clusters.values().forEach(cluster -> cluster.loop(now));
        if (now.isBefore(due)) {
            return true;
        }
        due = now.plus(LOOP_WAIT);
        objects.find(Kind.ENDPOINTS, NAMESPACE, SOURCE)
                .filter(e -> e.getMetadata().getAnnotations() != null)
                .filter(e -> e.getMetadata().getAnnotations().containsKey("renewTime"))
                .ifPresent(e -> {
                    e.getMetadata().getAnnotations().put("renewTime", PatroniObjects.time(now));
                    objects.update(e);
                });
        return true;
    }
}
