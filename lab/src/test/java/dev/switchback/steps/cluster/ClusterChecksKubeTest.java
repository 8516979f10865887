package dev.switchback.steps.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Finding;
import dev.switchback.engine.Finding.Level;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.runbook.Checks;
import dev.switchback.runbook.SharedTemplate;
import dev.switchback.runbook.Stage;
import dev.switchback.spec.DocumentReader;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All checks of a real lab, as {@code check} runs them, with several things wrong at once. */
@Timeout(120)
class ClusterChecksKubeTest {
    private Lab lab;
    private KubernetesClient client;

    @BeforeEach
    void start() throws Exception {
        lab = Lab.start(SharedTemplate.get(), Pace.DEFAULT.withConnections(1));
        client = lab.kube().client();
        assertThat(lab.applications().awaitServing(lab.pods(), Duration.ofSeconds(40))).isTrue();
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private List<Checks.Result> check(String more, Path kubeconfig) {
        try (Stage stage =
                Stage.open(
                        DocumentReader.parse("lab", Lab.DOCUMENT + more),
                        new Stage.Connect(Optional.of(kubeconfig), Optional.empty(), true),
                        event -> {})) {
            return Checks.run(stage.offline(), stage.world().runId(), "uid", false);
        }
    }

    private static Finding finding(
            List<Checks.Result> results, String check, String code, String object) {
        List<Finding> all =
                results.stream()
                        .filter(r -> r.step().id().equals(check))
                        .flatMap(r -> r.findings().stream())
                        .toList();
        return all.stream()
                .filter(f -> f.problem().code().id().equals(code))
                .filter(f -> f.problem().object().contains(object))
                .findFirst()
                .orElseThrow(() -> new AssertionError(check + " found only " + all));
    }

    @Test
    void everythingThatWouldUndoUsIsNamedAndWhatTheDocumentAcceptsDoesNotBlock() {
        var secret = client.secrets().inNamespace(MastodonCluster.NAMESPACE);
        secret.withName("mastodon-database-url")
                .edit(s -> {
                    s.getMetadata()
                            .setAnnotations(
                                    Map.of(
                                            "argocd.argoproj.io/tracking-id",
                                            "social:/Secret:mastodon/mastodon-database-url"));
                    return s;
                });
        client.configMaps()
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName("mastodon-database")
                .edit(m -> {
                    m.getMetadata()
                            .setOwnerReferences(
                                    List.of(
                                            new OwnerReferenceBuilder()
                                                    .withApiVersion("external-secrets.io/v1")
                                                    .withKind("ExternalSecret")
                                                    .withName("db")
                                                    .withUid("1")
                                                    .withController(true)
                                                    .build()));
                    return m;
                });
        client.resource(autoscaler("web", "mastodon-web", "")).create();
        client.resource(autoscaler("keda-hpa-sk", "mastodon-sidekiq-default", "sk")).create();
        client.resource(strayPod()).create();
        scheduledBackupDue();

        List<Checks.Result> results =
                check(
                        """
                          window: {utc: "00:00-23:59"}
                          overrides:
                            - {code: SB-222, object: mastodon/mastodon-database-url, reason: Argo is paused}
                        """,
                        lab.kubeconfig());

        assertThat(finding(results, "check-controllers", "SB-222", "mastodon-database-url").level())
                .isEqualTo(Level.OVERRIDDEN);
        Finding owned =
                finding(results, "check-controllers", "SB-222", "mastodon/mastodon-database");
        assertThat(results)
                .filteredOn(r -> r.step().id().equals("check-controllers"))
                .flatExtracting(Checks.Result::problems)
                .extracting(p -> p.object())
                .containsExactlyInAnyOrder("mastodon/mastodon-database", "mastodon/keda-hpa-sk");
        assertThat(owned.problem().why()).isNotEmpty();
        assertThat(finding(results, "check-controllers", "SB-222", "mastodon/web").level())
                .isEqualTo(Level.WARN);
        assertThat(finding(results, "check-writers", "SB-223", "pod/psql-by-hand").level())
                .isEqualTo(Level.FAIL);
        assertThat(finding(results, "check-schedules", "SB-228", "database-weekly").level())
                .isEqualTo(Level.FAIL);
        assertThat(finding(results, "check-nodes", "SB-236", "nodes").level())
                .isEqualTo(Level.WARN);
    }

    @Test
    void aSourceInFailoverAndNodesUnderPressureAreSeen() {
        var pods = client.pods().inNamespace(MastodonCluster.NAMESPACE);
        pods.withName(MastodonCluster.SOURCE + "-1")
                .edit(p -> {
                    p.getMetadata().getLabels().put("spilo-role", "master");
                    p.getMetadata()
                            .setAnnotations(
                                    Map.of("status", "{\"state\":\"starting\",\"timeline\":3}"));
                    return p;
                });
        client.resource(node()).create();
        client.resource(node()).updateStatus();

        List<Checks.Result> results =
                check(
                        "",
                        lab.kube()
                                .kubeconfig(
                                        lab.folder(),
                                        lab.kube().adminToken(),
                                        MastodonCluster.NAMESPACE));

        assertThat(finding(results, "check-source", "SB-221", "").problem().what())
                .contains(MastodonCluster.SOURCE + "-0", MastodonCluster.SOURCE + "-1");
        assertThat(results)
                .filteredOn(r -> r.step().id().equals("check-source"))
                .flatExtracting(Checks.Result::problems)
                .extracting(p -> p.what())
                .anyMatch(w -> w.contains("'starting'"))
                .anyMatch(w -> w.contains("timeline 3"));
        assertThat(finding(results, "check-nodes", "SB-230", "lab-node").problem().what())
                .contains("DiskPressure");
    }

    @Test
    void aSourceWithoutAnyTraceOfPatroniIsUnknownAndBlocks() {
        client.endpoints()
                .inNamespace(MastodonCluster.NAMESPACE)
                .withName(MastodonCluster.SOURCE)
                .delete();

        List<Checks.Result> results = check("", lab.kubeconfig());

        assertThat(finding(results, "check-source", "SB-236", "").level()).isEqualTo(Level.UNKNOWN);
        assertThat(results)
                .filteredOn(r -> r.verdict() == Checks.Verdict.FAIL)
                .extracting(r -> r.step().id())
                .isEmpty();
    }

    private static io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler
            autoscaler(String name, String deployment, String scaledObject) {
        var scaler =
                new HorizontalPodAutoscalerBuilder()
                        .withNewMetadata()
                        .withNamespace(MastodonCluster.NAMESPACE)
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withMaxReplicas(5)
                        .withNewScaleTargetRef("apps/v1", "Deployment", deployment)
                        .endSpec()
                        .build();
        if (!scaledObject.isEmpty()) {
            scaler.getMetadata()
                    .setOwnerReferences(
                            List.of(
                                    new OwnerReferenceBuilder()
                                            .withApiVersion("keda.sh/v1alpha1")
                                            .withKind("ScaledObject")
                                            .withName(scaledObject)
                                            .withUid("2")
                                            .build()));
        }
        return scaler;
    }

    private static io.fabric8.kubernetes.api.model.Pod strayPod() {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(MastodonCluster.NAMESPACE)
                .withName("psql-by-hand")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("psql")
                .withImage("postgres:17")
                .withCommand("psql", "host=" + MastodonCluster.SOURCE + " dbname=mastodon")
                .endContainer()
                .endSpec()
                .build();
    }

    private void scheduledBackupDue() {
        var schedules =
                client.genericKubernetesResources("postgresql.cnpg.io/v1", "ScheduledBackup")
                        .inNamespace(MastodonCluster.NAMESPACE);
        GenericKubernetesResource schedule = schedules.withName("database-weekly").get();
        schedule.setAdditionalProperty(
                "status", Map.of("nextScheduleTime", Instant.now().plusSeconds(30).toString()));
        schedules.resource(schedule).updateStatus();
    }

    private static io.fabric8.kubernetes.api.model.Node node() {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("lab-node")
                .endMetadata()
                .withNewStatus()
                .addToAllocatable("cpu", new Quantity("4"))
                .addToAllocatable("memory", new Quantity("8Gi"))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .addNewCondition()
                .withType("DiskPressure")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
    }
}
