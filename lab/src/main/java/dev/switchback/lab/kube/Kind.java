package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.Map;
import java.util.Set;

/** A kind of object and where the API keeps it. */
record Kind<T extends HasMetadata>(String group, String version, String plural, Class<T> type) {
    static final Kind<Pod> POD = of(Pod.class);
    static final Kind<Secret> SECRET = of(Secret.class);
    static final Kind<ConfigMap> CONFIG_MAP = of(ConfigMap.class);
    static final Kind<Service> SERVICE = of(Service.class);
    static final Kind<Endpoints> ENDPOINTS = of(Endpoints.class);
    static final Kind<PersistentVolumeClaim> VOLUME = of(PersistentVolumeClaim.class);
    static final Kind<CronJob> CRON_JOB = of(CronJob.class);
    static final Kind<Deployment> DEPLOYMENT = of(Deployment.class);
    static final Kind<ReplicaSet> REPLICA_SET = of(ReplicaSet.class);
    static final Kind<StatefulSet> STATEFUL_SET = of(StatefulSet.class);
    static final Kind<GenericKubernetesResource> CNPG_CLUSTER =
            new Kind<>("postgresql.cnpg.io", "v1", "clusters", GenericKubernetesResource.class);
    static final Kind<GenericKubernetesResource> CNPG_BACKUP =
            new Kind<>("postgresql.cnpg.io", "v1", "backups", GenericKubernetesResource.class);
    static final Kind<GenericKubernetesResource> ZALANDO_POSTGRESQL =
            new Kind<>("acid.zalan.do", "v1", "postgresqls", GenericKubernetesResource.class);

    /** Custom resources of the lab: group/kind to plural. */
    static final Map<String, String> CUSTOM =
            Map.of(
                    "postgresql.cnpg.io/Cluster", "clusters",
                    "postgresql.cnpg.io/Pooler", "poolers",
                    "postgresql.cnpg.io/Database", "databases",
                    "postgresql.cnpg.io/Backup", "backups",
                    "postgresql.cnpg.io/ScheduledBackup", "scheduledbackups",
                    "acid.zalan.do/postgresql", "postgresqls",
                    "acid.zalan.do/OperatorConfiguration", "operatorconfigurations");

    /** Groups whose objects are custom resources. */
    static final Set<String> CUSTOM_GROUPS = Set.of("postgresql.cnpg.io", "acid.zalan.do");

    /** Plurals with a status subresource: a write to the object leaves their status alone. */
    static final Set<String> WITH_STATUS =
            Set.of(
                    "pods",
                    "services",
                    "namespaces",
                    "persistentvolumeclaims",
                    "deployments",
                    "replicasets",
                    "statefulsets",
                    "jobs",
                    "cronjobs",
                    "clusters",
                    "poolers",
                    "databases",
                    "backups",
                    "scheduledbackups",
                    "horizontalpodautoscalers",
                    "nodes",
                    "postgresqls");

    private static <T extends HasMetadata> Kind<T> of(Class<T> type) {
        return new Kind<>(
                HasMetadata.getGroup(type),
                HasMetadata.getVersion(type),
                HasMetadata.getPlural(type),
                type);
    }

    /** Where an object of any kind the lab knows lives. */
    static ApiPath pathOf(HasMetadata object) {
        String apiVersion = object.getApiVersion();
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String plural =
                CUSTOM.getOrDefault(
                        group + "/" + object.getKind(), HasMetadata.getPlural(object.getClass()));
        String namespace = object.getMetadata().getNamespace();
        return new ApiPath(
                group,
                apiVersion.substring(slash + 1),
                namespace == null ? "" : namespace,
                plural,
                object.getMetadata().getName(),
                "",
                Map.of());
    }

    ApiPath in(String namespace) {
        return new ApiPath(group, version, namespace, plural, "", "", Map.of());
    }
}
