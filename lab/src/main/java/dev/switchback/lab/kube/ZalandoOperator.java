package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Zalando operator, as far as a migration meets it ({@code pkg/cluster/sync.go}).
 *
 * <ol>
 *   <li>{@code spec.postgresql.parameters} and {@code spec.patroni.slots} that differ from
 *       Patroni's configuration are merged into it, status {@code Updating}. What it does not know
 *       there is left alone.
 *   <li>A parameter that is taken out of the object stays in the configuration; a slot that it has
 *       put there itself is taken out again.
 *   <li>Members that wait for a restart then are restarted, replicas first, the leader last, one
 *       after the other; status {@code Running}.
 * </ol>
 *
 * Parameters that the real one writes into the pods' environment ("local" ones, {@code
 * shared_buffers} for one) are reloaded like all others here.
 */
final class ZalandoOperator implements Controller {
    private static final String KEY = "PostgresClusterStatus";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keys of {@code spec.patroni} that go into Patroni's configuration under the same name. */
    private static final List<String> PATRONI =
            List.of(
                    "ttl",
                    "loop_wait",
                    "retry_timeout",
                    "maximum_lag_on_failover",
                    "synchronous_mode",
                    "synchronous_mode_strict",
                    "synchronous_node_count",
                    "failsafe_mode");

    private final ClusterObjects objects;
    private final ZalandoDeletion deletion;
    private final Duration delay;
    private final Map<String, PatroniCluster> patroni;
    private final Map<String, String> statuses = new ConcurrentHashMap<>();
    private final Map<String, Instant> due = new HashMap<>();
    private final Map<String, Set<String>> slotsSet = new HashMap<>();

    /** Clusters whose configuration was written and whose members are not done with it. */
    private final Set<String> updating = new HashSet<>();

    private volatile boolean away;

    /**
     * @param patroni by name of the cluster; one without servers has only objects
     */
    ZalandoOperator(ClusterObjects objects, Duration delay, Map<String, PatroniCluster> patroni) {
        this.objects = objects;
        this.deletion = new ZalandoDeletion(objects);
        this.delay = delay;
        this.patroni = patroni;
    }

    void away() {
        away = true;
    }

    void status(String cluster, String status) {
        statuses.put(cluster, status);
    }

    @Override
    public boolean reconcile(Instant now) {
        if (away) {
            return false;
        }
        List<GenericKubernetesResource> clusters = objects.list(Kind.ZALANDO_POSTGRESQL);
        deletion.reconcile(clusters);
        for (GenericKubernetesResource cluster : clusters) {
            String name = cluster.getMetadata().getName();
            Optional<ObjectNode> change = change(cluster);
            boolean busy = change.isPresent() || updating.contains(name);
            String wanted = statuses.getOrDefault(name, busy ? "Updating" : "Running");
            if (!busy && wanted.equals(cluster.get("status", KEY))) {
                due.remove(name);
            } else if (!now.isBefore(due.computeIfAbsent(name, n -> now.plus(delay)))) {
                report(cluster, wanted);
                due.put(name, now.plus(delay));
                if (change.isPresent()) {
                    write(cluster, change.get());
                } else if (busy) {
                    restart(cluster);
                }
            }
        }
        return !due.isEmpty();
    }

    private void report(GenericKubernetesResource cluster, String status) {
        if (!status.equals(cluster.get("status", KEY))) {
            cluster.setAdditionalProperty("status", Map.of(KEY, status));
            objects.updateStatus(cluster);
        }
    }

    private PatroniConfig config(GenericKubernetesResource cluster) {
        return new PatroniConfig(
                objects, cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }

    private void write(GenericKubernetesResource cluster, ObjectNode change) {
        if (config(cluster).patch(change)) {
            String name = cluster.getMetadata().getName();
            Set<String> ours = slotsSet.computeIfAbsent(name, n -> new HashSet<>());
            change.path("slots")
                    .properties()
                    .forEach(e -> {
                        if (e.getValue().isNull()) {
                            ours.remove(e.getKey());
                        } else {
                            ours.add(e.getKey());
                        }
                    });
            updating.add(name);
        }
    }

    /** One member a call, once Patroni has told all of them what is new. */
    private void restart(GenericKubernetesResource cluster) {
        String name = cluster.getMetadata().getName();
        PatroniCluster members = patroni.get(name);
        if (members != null) {
            if (!config(cluster).text().map(members::hasApplied).orElse(true)) {
                return;
            }
            if (members.restartNext() || !members.hasSettled()) {
                return;
            }
        }
        updating.remove(name);
    }

    /** What has to be patched into Patroni's configuration; empty when nothing differs. */
    private Optional<ObjectNode> change(GenericKubernetesResource cluster) {
        Optional<ObjectNode> found = config(cluster).read();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode config = found.get();
        JsonNode spec = JSON.valueToTree(cluster.getAdditionalProperties().get("spec"));
        ObjectNode patch = JSON.createObjectNode();
        Map<String, String> set = PatroniConfig.parameters(config);
        spec.path("postgresql")
                .path("parameters")
                .properties()
                .forEach(e -> {
                    if (!e.getValue().asText().equals(set.get(e.getKey()))) {
                        patch.withObject("/postgresql/parameters")
                                .put(e.getKey(), e.getValue().asText());
                    }
                });
        JsonNode wanted = spec.path("patroni");
        for (String key : PATRONI) {
            if (wanted.has(key) && !wanted.get(key).equals(config.get(key))) {
                patch.set(key, wanted.get(key));
            }
        }
        JsonNode declared = wanted.path("slots");
        declared.properties()
                .forEach(e -> {
                    if (!e.getValue().equals(config.path("slots").get(e.getKey()))) {
                        patch.withObject("/slots").set(e.getKey(), e.getValue());
                    }
                });
        for (String ours : slotsSet.getOrDefault(cluster.getMetadata().getName(), Set.of())) {
            if (!declared.has(ours)) {
                patch.withObject("/slots").putNull(ours);
            }
        }
        return patch.isEmpty() ? Optional.empty() : Optional.of(patch);
    }
}
