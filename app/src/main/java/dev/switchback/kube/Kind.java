package dev.switchback.kube;

/** The kinds of object Switchback reads or writes. */
public enum Kind {
    CONFIG_MAP("", "v1", "configmaps", "ConfigMap"),
    SECRET("", "v1", "secrets", "Secret"),
    SERVICE("", "v1", "services", "Service"),
    POD("", "v1", "pods", "Pod"),
    ENDPOINTS("", "v1", "endpoints", "Endpoints"),
    /** What happened to an object, for people. */
    EVENT("", "v1", "events", "Event"),
    PERSISTENT_VOLUME_CLAIM("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
    DEPLOYMENT("apps", "v1", "deployments", "Deployment"),
    STATEFUL_SET("apps", "v1", "statefulsets", "StatefulSet"),
    CRON_JOB("batch", "v1", "cronjobs", "CronJob"),
    JOB("batch", "v1", "jobs", "Job"),
    AUTOSCALER("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    /** Of the whole cluster; the Role leaves it out. */
    NODE("", "v1", "nodes", "Node"),
    /** What the metrics server measures; not every cluster has one. */
    POD_METRICS("metrics.k8s.io", "v1beta1", "pods", "PodMetrics"),
    NETWORK_POLICY("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"),
    LEASE("coordination.k8s.io", "v1", "leases", "Lease"),
    POSTGRESQL("acid.zalan.do", "v1", "postgresqls", "postgresql"),
    /** Read by {@code cleanup --delete-source} only. */
    OPERATOR_CONFIGURATION(
            "acid.zalan.do", "v1", "operatorconfigurations", "OperatorConfiguration"),
    CNPG_CLUSTER("postgresql.cnpg.io", "v1", "clusters", "Cluster"),
    POOLER("postgresql.cnpg.io", "v1", "poolers", "Pooler"),
    BACKUP("postgresql.cnpg.io", "v1", "backups", "Backup"),
    SCHEDULED_BACKUP("postgresql.cnpg.io", "v1", "scheduledbackups", "ScheduledBackup"),
    /** Of Flux; lives in another namespace as a rule, where we may have no rights. */
    FLUX_KUSTOMIZATION("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization");

    private final String group;
    private final String version;
    private final String plural;
    private final String kind;

    Kind(String group, String version, String plural, String kind) {
        this.group = group;
        this.version = version;
        this.plural = plural;
        this.kind = kind;
    }

    public String group() {
        return group;
    }

    public String version() {
        return version;
    }

    public String plural() {
        return plural;
    }

    public String kind() {
        return kind;
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
