package dev.switchback.lab.kube;

import static dev.switchback.lab.kube.MastodonCluster.NAMESPACE;
import static dev.switchback.lab.kube.MastodonCluster.TARGET;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The target: a CloudNativePG cluster of one instance with a read-write and a read-only pooler. */
final class CnpgObjects {
    private static final String API = "postgresql.cnpg.io/v1";
    private static final Map<String, String> LABELS = Map.of("cnpg.io/cluster", TARGET);

    private CnpgObjects() {}

    static List<HasMetadata> of(Databases databases) {
        List<HasMetadata> objects = new ArrayList<>();
        String image = "ghcr.io/cloudnative-pg/postgresql:" + databases.targetMajor();
        objects.add(cluster(image));
        for (Map.Entry<String, Map<String, String>> service :
                Map.of(
                                "-rw",
                                Map.of("cnpg.io/instanceRole", "primary"),
                                "-ro",
                                Map.of("cnpg.io/instanceRole", "replica"),
                                "-r",
                                Map.of("cnpg.io/podRole", "instance"))
                        .entrySet()) {
            objects.add(service(TARGET + service.getKey(), databases, service.getValue()));
        }
        for (String type : List.of("rw", "ro")) {
            String name = TARGET + "-pooler-" + type;
            objects.add(pooler(name, type));
            objects.add(service(name, databases, Map.of("cnpg.io/poolerName", name)));
        }
        objects.add(
                CnpgSecrets.of(
                        NAMESPACE,
                        TARGET,
                        "app",
                        "mastodon",
                        databases.targetPassword(),
                        "mastodon"));
        objects.add(
                LabObjects.secret(
                        TARGET + "-ca", LABELS, Map.of("ca.crt", databases.targetCaPem())));
        objects.add(
                LabObjects.volume(
                        TARGET + "-1",
                        Map.of(
                                "cnpg.io/cluster",
                                TARGET,
                                "cnpg.io/instanceName",
                                TARGET + "-1",
                                "cnpg.io/pvcRole",
                                "PG_DATA"),
                        "20Gi"));
        GenericKubernetesResource schedule =
                LabObjects.custom(
                        API,
                        "ScheduledBackup",
                        TARGET + "-weekly",
                        Map.of(
                                "cluster",
                                Map.of("name", TARGET),
                                "schedule",
                                "0 0 3 * * 0",
                                "method",
                                "plugin"));
        schedule.setAdditionalProperty(
                "status",
                Map.of(
                        "nextScheduleTime",
                        ZonedDateTime.now(ZoneOffset.UTC)
                                .with(TemporalAdjusters.next(DayOfWeek.SUNDAY))
                                .truncatedTo(ChronoUnit.DAYS)
                                .plusHours(3)
                                .toInstant()
                                .toString()));
        objects.add(schedule);
        objects.add(
                LabObjects.databasePod(
                        TARGET + "-1",
                        image,
                        databases.targetAddress(),
                        Map.of(
                                "cnpg.io/cluster",
                                TARGET,
                                "cnpg.io/instanceName",
                                TARGET + "-1",
                                "cnpg.io/podRole",
                                "instance",
                                "cnpg.io/instanceRole",
                                "primary",
                                "role",
                                "primary")));
        return objects;
    }

    private static GenericKubernetesResource cluster(String image) {
        GenericKubernetesResource cluster =
                LabObjects.custom(
                        API,
                        "Cluster",
                        TARGET,
                        Map.of(
                                "instances",
                                1,
                                "imageName",
                                image,
                                "bootstrap",
                                Map.of(
                                        "initdb",
                                        Map.of("database", "mastodon", "owner", "mastodon")),
                                "storage",
                                Map.of("size", "20Gi"),
                                "plugins",
                                List.of(
                                        Map.of(
                                                "name",
                                                "barman-cloud.cloudnative-pg.io",
                                                "isWALArchiver",
                                                true,
                                                "parameters",
                                                Map.of("barmanObjectName", "database-store")))));
        cluster.getMetadata().setCreationTimestamp(ApiStore.now(0));
        cluster.setAdditionalProperty("status", CnpgStatus.of(cluster, CnpgStatus.HEALTHY));
        return cluster;
    }

    private static Service service(String name, Databases databases, Map<String, String> selector) {
        String address =
                name.endsWith("-ro") ? databases.standbyAddress() : databases.targetAddress();
        return LabObjects.service(name, address, "postgres", LABELS, selector);
    }

    private static GenericKubernetesResource pooler(String name, String type) {
        GenericKubernetesResource pooler =
                LabObjects.custom(
                        API,
                        "Pooler",
                        name,
                        Map.of(
                                "cluster",
                                Map.of("name", TARGET),
                                "instances",
                                1,
                                "type",
                                type,
                                "pgbouncer",
                                Map.of("poolMode", "transaction")));
        pooler.setAdditionalProperty("status", Map.of("instances", 1));
        return pooler;
    }
}
