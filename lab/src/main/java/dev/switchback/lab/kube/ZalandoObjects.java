package dev.switchback.lab.kube;

import static dev.switchback.lab.kube.MastodonCluster.SOURCE;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
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
        for (int i = 0; i < 2; i++) {
            String name = SOURCE + "-" + i;
            Pod pod =
                    LabObjects.databasePod(
                            name,
                            image,
                            i == 0 ? databases.sourceAddress() : databases.replicaAddress(),
                            role(i == 0 ? "master" : "replica"));
            pod.getMetadata().setAnnotations(Map.of("status", PatroniObjects.member(name, i == 0)));
            objects.add(pod);
            objects.add(LabObjects.volume("pgdata-" + name, LABELS, "20Gi"));
        }
        objects.addAll(PatroniObjects.of(LABELS, databases.sourceAddress()));
        objects.add(logicalBackup());
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

    /** As the operator makes it, with its default schedule. */
    private static CronJob logicalBackup() {
        return new CronJobBuilder()
                .withNewMetadata()
                .withNamespace(MastodonCluster.NAMESPACE)
                .withName("logical-backup-" + SOURCE)
                .withLabels(Map.of("application", "spilo-logical-backup", "cluster-name", SOURCE))
                .endMetadata()
                .withNewSpec()
                .withSchedule("30 00 * * *")
                .withConcurrencyPolicy("Forbid")
                .withSuspend(false)
                .withNewJobTemplate()
                .withNewSpec()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Map.of("application", "spilo-logical-backup", "cluster-name", SOURCE))
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("logical-backup")
                .withImage("ghcr.io/zalando/postgres-operator/logical-backup:v1.15.0")
                .addNewEnv()
                .withName("CLUSTER_NAME_LABEL")
                .withValue("cluster-name")
                .endEnv()
                .addNewEnv()
                .withName("SCOPE")
                .withValue(SOURCE)
                .endEnv()
                .addNewEnv()
                .withName("PGUSER")
                .withValue("postgres")
                .endEnv()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .endJobTemplate()
                .endSpec()
                .build();
    }

    private static Map<String, String> role(String role) {
        Map<String, String> labels = new java.util.HashMap<>(LABELS);
        labels.put("spilo-role", role);
        return labels;
    }

    private static String address(String suffix, Databases databases) {
        return suffix.endsWith("-repl") ? databases.replicaAddress() : databases.sourceAddress();
    }

    private static Service service(String suffix, String role, Databases databases) {
        return LabObjects.service(
                SOURCE + suffix, address(suffix, databases), "postgresql", LABELS, role(role));
    }

    private static Service pooler(String suffix, Databases databases) {
        return LabObjects.service(
                SOURCE + suffix,
                address(suffix, databases),
                SOURCE + suffix,
                POOLER_LABELS,
                Map.of("connection-pooler", SOURCE + suffix));
    }
}
