package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the operator does when a {@code postgresql} object is gone ({@code Cluster.Delete} and
 * {@code meetsClusterDeleteAnnotations}).
 *
 * <ol>
 *   <li>Where its configuration asks for annotations and the object lacked them, nothing: pods,
 *       volumes and Secrets stay, and it forgets the cluster.
 *   <li>Else the CronJob, pods, volumes, Secrets, Services and Patroni's objects go, volumes and
 *       Secrets as configured.
 * </ol>
 *
 * It is configured by the ConfigMap {@code postgres-operator} of the cluster's namespace.
 */
final class ZalandoDeletion {
    private static final String CONFIGURATION = "postgres-operator";

    private final ClusterObjects objects;

    /** As they were seen last. */
    private final Map<String, GenericKubernetesResource> known = new HashMap<>();

    ZalandoDeletion(ClusterObjects objects) {
        this.objects = objects;
    }

    void reconcile(List<GenericKubernetesResource> clusters) {
        Set<String> gone = new HashSet<>(known.keySet());
        for (GenericKubernetesResource cluster : clusters) {
            gone.remove(cluster.getMetadata().getName());
            known.put(cluster.getMetadata().getName(), cluster);
        }
        for (String name : gone) {
            GenericKubernetesResource last = known.remove(name);
            if (last != null) {
                delete(last);
            }
        }
    }

    private void delete(GenericKubernetesResource cluster) {
        String namespace = cluster.getMetadata().getNamespace();
        Map<String, String> settings =
                objects.find(Kind.CONFIG_MAP, namespace, CONFIGURATION)
                        .map(ConfigMap::getData)
                        .orElse(Map.of());
        if (!allowed(cluster, settings)) {
            return;
        }
        remove(cluster, Kind.CRON_JOB);
        remove(cluster, Kind.POD);
        if (!"false".equals(settings.get("enable_persistent_volume_claim_deletion"))) {
            remove(cluster, Kind.VOLUME);
        }
        if (!"false".equals(settings.get("enable_secrets_deletion"))) {
            remove(cluster, Kind.SECRET);
        }
        remove(cluster, Kind.SERVICE);
        remove(cluster, Kind.ENDPOINTS);
    }

    private static boolean allowed(
            GenericKubernetesResource cluster, Map<String, String> settings) {
        Map<String, String> annotations = cluster.getMetadata().getAnnotations();
        Map<String, String> found = annotations == null ? Map.of() : annotations;
        return asked(
                        found,
                        settings.get("delete_annotation_date_key"),
                        LocalDate.now(ZoneOffset.UTC).toString())
                && asked(
                        found,
                        settings.get("delete_annotation_name_key"),
                        cluster.getMetadata().getName());
    }

    private static boolean asked(
            Map<String, String> annotations,
            @org.jspecify.annotations.Nullable String key,
            String value) {
        return key == null || key.isEmpty() || value.equals(annotations.get(key));
    }

    private <T extends HasMetadata> void remove(GenericKubernetesResource cluster, Kind<T> kind) {
        for (T object : objects.list(kind)) {
            Map<String, String> labels = object.getMetadata().getLabels();
            if (labels != null
                    && cluster.getMetadata().getName().equals(labels.get("cluster-name"))
                    && cluster.getMetadata()
                            .getNamespace()
                            .equals(object.getMetadata().getNamespace())) {
                objects.remove(object);
            }
        }
    }
}
