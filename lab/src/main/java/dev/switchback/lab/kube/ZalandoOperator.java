package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The Zalando operator: says, some time after it saw a cluster, that it is running. */
final class ZalandoOperator implements Controller {
    private static final String KEY = "PostgresClusterStatus";

    private final ClusterObjects objects;
    private final Duration delay;
    private final Map<String, String> statuses = new ConcurrentHashMap<>();
    private final Map<String, Instant> due = new ConcurrentHashMap<>();

    ZalandoOperator(ClusterObjects objects, Duration delay) {
        this.objects = objects;
        this.delay = delay;
    }

    void status(String cluster, String status) {
        statuses.put(cluster, status);
    }

    @Override
    public boolean reconcile(Instant now) {
        for (GenericKubernetesResource cluster : objects.list(Kind.ZALANDO_POSTGRESQL)) {
            String name = cluster.getMetadata().getName();
            String wanted = statuses.getOrDefault(name, "Running");
            if (wanted.equals(cluster.get("status", KEY))) {
                due.remove(name);
            } else if (!now.isBefore(due.computeIfAbsent(name, n -> now.plus(delay)))) {
                cluster.setAdditionalProperty("status", Map.of(KEY, wanted));
                objects.updateStatus(cluster);
            }
        }
        return !due.isEmpty();
    }
}
