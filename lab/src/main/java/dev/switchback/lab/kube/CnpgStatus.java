package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The status of a CloudNativePG Cluster whose first instance is the primary. */
final class CnpgStatus {
    static final String HEALTHY = "Cluster in healthy state";

    private CnpgStatus() {}

    static Map<String, Object> of(GenericKubernetesResource cluster, String phase) {
        String name = cluster.getMetadata().getName();
        boolean healthy = phase.equals(HEALTHY);
        int asked = cluster.get("spec", "instances") instanceof Number n ? n.intValue() : 1;
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("phase", phase);
        status.put("instances", asked);
        status.put("readyInstances", healthy ? asked : 0);
        status.put("instanceNames", List.of(name + "-1"));
        status.put("currentPrimary", name + "-1");
        status.put("targetPrimary", name + "-1");
        status.put("writeService", name + "-rw");
        status.put("readService", name + "-r");
        status.put("image", Objects.toString(cluster.get("spec", "imageName"), ""));
        status.put(
                "conditions",
                List.of(
                        Map.of(
                                "type",
                                "Ready",
                                "status",
                                healthy ? "True" : "False",
                                "reason",
                                healthy ? "ClusterIsReady" : "ClusterIsNotReady",
                                "message",
                                healthy ? "Cluster is Ready" : phase,
                                "lastTransitionTime",
                                cluster.getMetadata().getCreationTimestamp())));
        return status;
    }
}
