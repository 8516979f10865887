package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of CloudNativePG that works off Backup objects: started, then completed some time later,
 * or failed with the words that were set. A method that the Cluster is not set up for fails, as the
 * real operator says it.
 */
final class CnpgBackups implements Controller {
    private static final String COMPLETED = "completed";
    private static final String FAILED = "failed";

    private final ClusterObjects objects;
    private final Duration delay;
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private final Set<String> started = ConcurrentHashMap.newKeySet();

    CnpgBackups(ClusterObjects objects, Duration delay) {
        this.objects = objects;
        this.delay = delay;
    }

    /**
     * @param words with which backups of this Cluster fail from now on; null: they are completed
     */
    void failing(String cluster, @Nullable String words) {
        if (words == null) {
            failures.remove(cluster);
        } else {
            failures.put(cluster, words);
        }
    }

    @Override
    public boolean reconcile(Instant now) {
        boolean waiting = false;
        for (GenericKubernetesResource backup : objects.list(Kind.CNPG_BACKUP)) {
            String phase = Objects.toString(backup.get("status", "phase"), "");
            if (phase.equals(COMPLETED) || phase.equals(FAILED)) {
                continue;
            }
            String name = backup.getMetadata().getName();
            if (!phase.isEmpty() && !started.contains(name)) {
                continue; // made as it is, and stays so
            }
            started.add(name);
            Map<String, Object> status = new LinkedHashMap<>();
            Object startedAt = backup.get("status", "startedAt");
            if (startedAt == null) {
                status.put("phase", "running");
                status.put("method", Objects.toString(backup.get("spec", "method"), ""));
                status.put("startedAt", now.truncatedTo(ChronoUnit.MILLIS).toString());
                waiting = true;
            } else if (now.isBefore(Instant.parse(startedAt.toString()).plus(delay))) {
                waiting = true;
                continue;
            } else {
                status.put("startedAt", startedAt);
                end(backup, status, now);
            }
            backup.setAdditionalProperty("status", status);
            objects.updateStatus(backup);
        }
        return waiting;
    }

    private void end(GenericKubernetesResource backup, Map<String, Object> status, Instant now) {
        String cluster = Objects.toString(backup.get("spec", "cluster", "name"), "");
        @Nullable String words = failures.get(cluster);
        if (words == null && !isSetUp(backup, cluster)) {
            words = "no such backup method is set up for the cluster";
        }
        status.put("phase", words == null ? COMPLETED : FAILED);
        status.put("stoppedAt", now.truncatedTo(ChronoUnit.SECONDS).toString());
        if (words != null) {
            status.put("error", words);
        }
    }

    private boolean isSetUp(GenericKubernetesResource backup, String name) {
        String method = Objects.toString(backup.get("spec", "method"), "barmanObjectStore");
        return objects.list(Kind.CNPG_CLUSTER).stream()
                .filter(c -> c.getMetadata().getName().equals(name))
                .anyMatch(c ->
                        method.equals("plugin")
                                ? c.get("spec", "plugins") instanceof List<?> plugins
                                        && !plugins.isEmpty()
                                : c.get("spec", "backup", method) != null);
    }
}
