package dev.switchback.lab.kube;

import static dev.switchback.lab.kube.MastodonCluster.SOURCE;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The source: a Zalando cluster of two pods with both poolers. */
final class ZalandoObjects {
    private static final Map<String, String> LABELS =
            Map.of("application", "spilo", "cluster-name", SOURCE, "team", "mastodon");
    private static final Map<String, String> POOLER_LABELS =
            Map.of("application", "db-connection-pooler", "cluster-name", SOURCE);

    private ZalandoObjects() {}

    static List<HasMetadata> of(Databases databases) {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(cluster(databases));
        String image = "ghcr.io/zalando/spilo-17:4.0-p3";
        objects.add(
                LabObjects.databasePod(
                        SOURCE + "-0", image, databases.sourceAddress(), role("master")));
        objects.add(
                LabObjects.databasePod(
                        SOURCE + "-1", image, databases.sourceAddress(), role("replica")));
        objects.add(service("", "master", databases));
        objects.add(service("-repl", "replica", databases));
        objects.add(pooler("-pooler", databases));
        objects.add(pooler("-pooler-repl", databases));
        for (String user : List.of("postgres", "mastodon", "standby", "pooler")) {
            objects.add(
                    LabObjects.secret(
                            user + "." + SOURCE + ".credentials.postgresql.acid.zalan.do",
                            user.equals("pooler") ? POOLER_LABELS : LABELS,
                            Map.of("username", user, "password", databases.sourcePassword(user))));
        }
        objects.add(
                LabObjects.secret(
                        SOURCE + "-ca", Map.of(), Map.of("ca.crt", databases.sourceCaPem())));
        return objects;
    }

    private static GenericKubernetesResource cluster(Databases databases) {
        GenericKubernetesResource cluster =
                LabObjects.custom(
                        "acid.zalan.do/v1",
                        "postgresql",
                        SOURCE,
                        Map.of(
                                "teamId",
                                "mastodon",
                                "numberOfInstances",
                                2,
                                "postgresql",
                                Map.of("version", String.valueOf(databases.sourceMajor())),
                                "users",
                                Map.of("mastodon", List.of("createdb")),
                                "databases",
                                Map.of("mastodon", "mastodon"),
                                "enableConnectionPooler",
                                true,
                                "enableReplicaConnectionPooler",
                                true,
                                "volume",
                                Map.of("size", "20Gi")));
        cluster.setAdditionalProperty("status", Map.of("PostgresClusterStatus", "Running"));
        return cluster;
    }

    private static Map<String, String> role(String role) {
        Map<String, String> labels = new java.util.HashMap<>(LABELS);
        labels.put("spilo-role", role);
        return labels;
    }

    private static Service service(String suffix, String role, Databases databases) {
        return LabObjects.service(
                SOURCE + suffix, databases.sourceAddress(), "postgresql", LABELS, role(role));
    }

    private static Service pooler(String suffix, Databases databases) {
        return LabObjects.service(
                SOURCE + suffix,
                databases.sourceAddress(),
                SOURCE + suffix,
                POOLER_LABELS,
                Map.of("connection-pooler", SOURCE + suffix));
    }
}
