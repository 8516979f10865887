package dev.switchback.lab.demo;

import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.kube.MastodonCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Defects in the objects of the cluster. */
final class ObjectBreaks {
    private static final String WEB = "mastodon-web";

    static final List<Break> ALL =
            List.of(
                    new Break(
                            "small-volume",
                            "the target's volume is smaller than the data needs",
                            "check-capacity",
                            "SB-229",
                            objects(ObjectBreaks::smallVolume)),
                    new Break(
                            "flux-managed",
                            "Flux applies a writer, replicas included, and is not suspended",
                            "check-controllers",
                            "SB-222",
                            objects(ObjectBreaks::fluxManaged)),
                    new Break(
                            "undeclared-writer",
                            "a Deployment uses the source and is not in the document",
                            "check-writers",
                            "SB-223",
                            objects(ObjectBreaks::undeclared)),
                    new Break(
                            "running-job",
                            "a Job that uses the source runs",
                            "check-writers",
                            "SB-226",
                            objects(cluster -> cluster.objects().add(job()))),
                    new Break(
                            "backup-running",
                            "CloudNativePG takes a backup of the target",
                            "check-schedules",
                            "SB-227",
                            objects(cluster -> cluster.objects().add(backup()))),
                    new Break(
                            "crash-looping",
                            "a pod of a writer keeps crashing",
                            "check-applications",
                            "SB-225",
                            world(ObjectBreaks::crashLooping)),
                    new Break(
                            "failover",
                            "Patroni's leader is another pod than the one with the primary's label",
                            "check-source",
                            "SB-220",
                            objects(ObjectBreaks::failover)),
                    new Break(
                            "patroni-paused",
                            "Patroni is in maintenance mode",
                            "check-source",
                            "SB-220",
                            objects(ObjectBreaks::paused)),
                    new Break(
                            "target-fenced",
                            "an instance of the target is fenced",
                            "check-target",
                            "SB-220",
                            objects(ObjectBreaks::fenced)),
                    new Break(
                            "pooler-paused",
                            "the pooler that the applications will use is paused",
                            "check-poolers",
                            "SB-232",
                            objects(ObjectBreaks::poolerPaused)));

    private ObjectBreaks() {}

    private static Break.Planting objects(Consumer<MastodonCluster> change) {
        return new Break.Planting() {
            @Override
            public MastodonCluster objects(MastodonCluster cluster) {
                change.accept(cluster);
                return cluster;
            }
        };
    }

    /** A change of the running world. */
    private interface Change {
        void in(Lab lab) throws Exception;
    }

    private static Break.Planting world(Change change) {
        return new Break.Planting() {
            @Override
            public void world(Lab lab) throws Exception {
                change.in(lab);
            }
        };
    }

    private static void smallVolume(MastodonCluster cluster) {
        cluster.with(
                PersistentVolumeClaim.class,
                "PersistentVolumeClaim",
                MastodonCluster.TARGET + "-1",
                claim -> {
                    claim.getStatus().setCapacity(Map.of("storage", new Quantity("10Mi")));
                    return claim;
                });
    }

    private static void fluxManaged(MastodonCluster cluster) {
        cluster.with(
                Deployment.class,
                "Deployment",
                WEB,
                deployment ->
                        new DeploymentBuilder(deployment)
                                .editMetadata()
                                .addToLabels("kustomize.toolkit.fluxcd.io/name", "mastodon")
                                .addToLabels("kustomize.toolkit.fluxcd.io/namespace", "flux-system")
                                .addNewManagedField()
                                .withManager("kustomize-controller")
                                .withOperation("Apply")
                                .withApiVersion("apps/v1")
                                .withFieldsType("FieldsV1")
                                .withNewFieldsV1()
                                .addToAdditionalProperties("f:spec", Map.of("f:replicas", Map.of()))
                                .endFieldsV1()
                                .endManagedField()
                                .endMetadata()
                                .build());
    }

    private static void undeclared(MastodonCluster cluster) {
        HasMetadata web =
                cluster.objects().stream()
                        .filter(o -> o.getKind().equals("Deployment"))
                        .filter(o -> o.getMetadata().getName().equals(WEB))
                        .findFirst()
                        .orElseThrow();
        cluster.objects()
                .add(
                        new DeploymentBuilder((Deployment) web)
                                .editMetadata()
                                .withName("mastodon-scheduler")
                                .withLabels(Map.of("app", "mastodon-scheduler"))
                                .endMetadata()
                                .editSpec()
                                .withReplicas(1)
                                .withNewSelector()
                                .addToMatchLabels("app", "mastodon-scheduler")
                                .endSelector()
                                .editTemplate()
                                .editMetadata()
                                .withLabels(Map.of("app", "mastodon-scheduler"))
                                .endMetadata()
                                .endTemplate()
                                .endSpec()
                                .build());
    }

    private static Job job() {
        Job job =
                new JobBuilder()
                        .withNewMetadata()
                        .withNamespace(MastodonCluster.NAMESPACE)
                        .withName("mastodon-media-cleanup")
                        .endMetadata()
                        .withNewSpec()
                        .withNewTemplate()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .addNewContainer()
                        .withName("cleanup")
                        .withImage("ghcr.io/mastodon/mastodon:v4.4.3")
                        .addNewEnv()
                        .withName("DB_HOST")
                        .withValue(MastodonCluster.SOURCE + "-pooler")
                        .endEnv()
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build();
        job.setStatus(new JobStatusBuilder().withActive(1).build());
        return job;
    }

    private static GenericKubernetesResource backup() {
        GenericKubernetesResource backup =
                FakeKube.customObject(
                        "postgresql.cnpg.io/v1",
                        "Backup",
                        MastodonCluster.TARGET + "-now",
                        Map.of("cluster", Map.of("name", MastodonCluster.TARGET)));
        backup.setAdditionalProperty(
                "status", Map.of("phase", "running", "startedAt", "2026-01-01T03:00:00Z"));
        return backup;
    }

    private static void crashLooping(Lab lab) throws InterruptedException {
        lab.applications().awaitServing(lab.pods(), Duration.ofSeconds(40));
        var pods = lab.kube().client().pods().inNamespace(MastodonCluster.NAMESPACE);
        Pod pod = pods.withLabel("app", WEB).list().getItems().getFirst();
        pod.getStatus().getConditions().getFirst().setStatus("False");
        var container = pod.getStatus().getContainerStatuses().getFirst();
        container.setReady(false);
        container.setRestartCount(7);
        container.setState(
                new io.fabric8.kubernetes.api.model.ContainerStateBuilder()
                        .withNewWaiting()
                        .withReason("CrashLoopBackOff")
                        .endWaiting()
                        .build());
        pods.resource(pod).updateStatus();
    }

    private static void failover(MastodonCluster cluster) {
        cluster.with(
                io.fabric8.kubernetes.api.model.Endpoints.class,
                "Endpoints",
                MastodonCluster.SOURCE,
                endpoints -> {
                    endpoints
                            .getMetadata()
                            .getAnnotations()
                            .put("leader", MastodonCluster.SOURCE + "-1");
                    return endpoints;
                });
    }

    private static void paused(MastodonCluster cluster) {
        cluster.with(
                io.fabric8.kubernetes.api.model.Endpoints.class,
                "Endpoints",
                MastodonCluster.SOURCE + "-config",
                endpoints -> {
                    endpoints
                            .getMetadata()
                            .getAnnotations()
                            .put("config", "{\"ttl\":30,\"loop_wait\":10,\"pause\":true}");
                    return endpoints;
                });
    }

    private static void fenced(MastodonCluster cluster) {
        cluster.with(
                GenericKubernetesResource.class,
                "Cluster",
                MastodonCluster.TARGET,
                target -> {
                    target.getMetadata()
                            .setAnnotations(
                                    Map.of(
                                            "cnpg.io/fencedInstances",
                                            "[\"" + MastodonCluster.TARGET + "-1\"]"));
                    return target;
                });
    }

    private static void poolerPaused(MastodonCluster cluster) {
        cluster.with(
                GenericKubernetesResource.class,
                "Pooler",
                MastodonCluster.TARGET + "-pooler-rw",
                pooler -> {
                    Map<String, Object> spec = new java.util.LinkedHashMap<>();
                    spec.put("cluster", Map.of("name", MastodonCluster.TARGET));
                    spec.put("instances", 1);
                    spec.put("type", "rw");
                    spec.put("pgbouncer", Map.of("poolMode", "transaction", "paused", true));
                    pooler.setAdditionalProperty("spec", spec);
                    return pooler;
                });
    }
}
