package dev.switchback.lab.kube;

import static dev.switchback.lab.kube.MastodonCluster.NAMESPACE;
import static dev.switchback.lab.kube.MastodonCluster.SOURCE;

import java.time.Duration;
import java.time.Instant;

/** The leader's Patroni: renews its lock every {@code loop_wait}, as long as it holds it. */
final class PatroniAgent implements Controller {
    private static final Duration LOOP_WAIT = Duration.ofSeconds(10);

    private final ClusterObjects objects;
    private Instant due = Instant.MIN;

    PatroniAgent(ClusterObjects objects) {
        this.objects = objects;
    }

    @Override
    public boolean reconcile(Instant now) {
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
