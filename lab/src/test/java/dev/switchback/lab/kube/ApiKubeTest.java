package dev.switchback.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the mock server differs from a real API server, ours does not. */
class ApiKubeTest {
    private static final AtomicInteger NAMESPACES = new AtomicInteger();
    private static FakeKube kube;
    private static KubernetesClient client;
    private String ns = "";

    @BeforeAll
    static void start() {
        kube = FakeKube.start();
        client = kube.client();
    }

    @AfterAll
    static void stop() {
        kube.close();
    }

    @BeforeEach
    void ownNamespace() {
        ns = "ns-" + NAMESPACES.incrementAndGet();
    }

    @Test
    void aScaleChangesReplicasAndKeepsTheDeployment() {
        client.resource(deployment("web", 2)).create();

        Scale before = client.apps().deployments().inNamespace(ns).withName("web").scale();
        assertThat(before.getSpec().getReplicas()).isEqualTo(2);
        before.getSpec().setReplicas(0);
        Scale after = client.apps().deployments().inNamespace(ns).withName("web").scale(before);

        assertThat(after.getKind()).isEqualTo("Scale");
        assertThat(after.getSpec().getReplicas()).isZero();
        Deployment kept = client.apps().deployments().inNamespace(ns).withName("web").get();
        assertThat(kept.getSpec().getReplicas()).isZero();
        assertThat(kept.getSpec().getTemplate())
                .isEqualTo(deployment("web", 2).getSpec().getTemplate());
        assertThat(kept.getMetadata().getGeneration()).isEqualTo(2L);

        assertThatThrownBy(() ->
                        client.apps().deployments().inNamespace(ns).withName("web").scale(before))
                .satisfies(e -> assertThat(code(e)).isEqualTo(409));
        client.apps().deployments().inNamespace(ns).withName("web").scale(3);
        assertThat(
                        client.apps()
                                .deployments()
                                .inNamespace(ns)
                                .withName("web")
                                .get()
                                .getSpec()
                                .getReplicas())
                .isEqualTo(3);
    }

    @Test
    void applyCreatesWhatIsMissingAndMergesIntoWhatIsThere() {
        client.resource(configMap("a", Map.of("x", "1"))).serverSideApply();
        client.resource(configMap("a", Map.of("y", "2"))).serverSideApply();

        ConfigMap applied = client.configMaps().inNamespace(ns).withName("a").get();
        assertThat(applied.getData())
                .containsExactlyInAnyOrderEntriesOf(Map.of("x", "1", "y", "2"));
        assertThat(applied.getMetadata().getUid()).isNotEmpty();
        assertThat(applied.getMetadata().getCreationTimestamp()).matches("\\d{4}-.*T.*Z");
    }

    @Test
    void aDryRunIsAnsweredAndNotKept() {
        ConfigMap made = client.resource(configMap("dry", Map.of("x", "1"))).dryRun().create();
        assertThat(made.getMetadata().getUid()).isNotEmpty();
        assertThat(client.configMaps().inNamespace(ns).withName("dry").get()).isNull();

        client.resource(deployment("web", 2)).create();
        client.resource(deployment("web", 2))
                .dryRun()
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":0}}");
        assertThat(
                        client.apps()
                                .deployments()
                                .inNamespace(ns)
                                .withName("web")
                                .get()
                                .getSpec()
                                .getReplicas())
                .isEqualTo(2);
        client.resource(deployment("web", 2)).dryRun().delete();
        assertThat(client.apps().deployments().inNamespace(ns).withName("web").get()).isNotNull();
    }

    @Test
    void aStaleVersionIsAConflictForUpdateAndForPatch() {
        ConfigMap first = client.resource(configMap("journal", Map.of("n", "1"))).create();
        client.resource(new ConfigMapBuilder(first).addToData("n", "2").build()).update();

        ConfigMap stale = new ConfigMapBuilder(first).addToData("n", "3").build();
        assertThatThrownBy(() -> client.resource(stale).update())
                .satisfies(e -> assertThat(code(e)).isEqualTo(409))
                .hasMessageContaining("the object has been modified");
        assertThatThrownBy(() ->
                        client.configMaps()
                                .inNamespace(ns)
                                .withName("journal")
                                .patch(
                                        PatchContext.of(PatchType.JSON_MERGE),
                                        "{\"metadata\":{\"resourceVersion\":\"%s\"},\"data\":{\"n\":\"3\"}}"
                                                .formatted(
                                                        first.getMetadata().getResourceVersion())))
                .satisfies(e -> assertThat(code(e)).isEqualTo(409));
        assertThatThrownBy(() -> client.resource(first).lockResourceVersion().delete())
                .satisfies(e -> assertThat(code(e)).isEqualTo(409));
        assertThatThrownBy(() -> client.resource(configMap("journal", Map.of())).create())
                .satisfies(e -> assertThat(code(e)).isEqualTo(409))
                .hasMessageContaining("configmaps \"journal\" already exists");
        assertThat(client.configMaps().inNamespace(ns).withName("journal").get().getData())
                .containsEntry("n", "2");
    }

    @Test
    void anUnchangedObjectKeepsItsVersion() {
        ConfigMap first = client.resource(configMap("same", Map.of("n", "1"))).create();
        ConfigMap second = client.resource(first).update();
        assertThat(second.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
    }

    @Test
    void patchesOfEveryKindWork() {
        client.resource(deployment("web", 2)).create();
        var web = client.apps().deployments().inNamespace(ns).withName("web");
        web.patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"metadata\":{\"annotations\":{\"a\":\"1\",\"b\":\"2\"}}}");
        web.patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"metadata\":{\"annotations\":{\"a\":null}}}");
        web.patch(
                PatchContext.of(PatchType.JSON),
                "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":2},{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":5}]");
        web.patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"main\",\"env\":[{\"name\":\"B\",\"value\":\"2\"}]}]}}}}");
        web.edit(d -> new DeploymentBuilder(d).editSpec().withPaused(true).endSpec().build());

        Deployment after = web.get();
        assertThat(after.getMetadata().getAnnotations()).containsExactly(Map.entry("b", "2"));
        assertThat(after.getSpec().getReplicas()).isEqualTo(5);
        assertThat(after.getSpec().getPaused()).isTrue();
        assertThat(after.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
                .extracting(e -> e.getName() + "=" + e.getValue())
                .containsExactly("A=1", "B=2");
        assertThatThrownBy(() ->
                        web.patch(
                                PatchContext.of(PatchType.JSON),
                                "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":2}]"))
                .satisfies(e -> assertThat(code(e)).isEqualTo(422));
    }

    @Test
    void statusChangesThroughItsSubresourceOnly() {
        client.resource(deployment("web", 2)).create();
        var web = client.apps().deployments().inNamespace(ns).withName("web");
        web.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"readyReplicas\":9}}");
        assertThat(web.get().getStatus()).isNull();
        web.subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"replicas\":7},\"status\":{\"readyReplicas\":1}}");
        assertThat(web.get().getStatus().getReadyReplicas()).isEqualTo(1);
        assertThat(web.get().getSpec().getReplicas()).isEqualTo(2);
        assertThat(web.get().getMetadata().getGeneration()).isEqualTo(1L);
    }

    @Test
    void aSecretsClearTextIsKeptAsBase64() {
        client.resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace(ns)
                                .withName("s")
                                .endMetadata()
                                .addToStringData("password", "pâss")
                                .build())
                .create();
        Secret made = client.secrets().inNamespace(ns).withName("s").get();
        assertThat(made.getData()).containsEntry("password", "cMOic3M=");
        assertThat(made.getStringData()).isNullOrEmpty();
    }

    @Test
    void aConfigMapHoldsOneMebibyteAndNoMore() {
        client.resource(configMap("big", Map.of("n", "x".repeat(1024 * 1024)))).create();
        assertThatThrownBy(() ->
                        client.configMaps()
                                .inNamespace(ns)
                                .withName("big")
                                .patch(
                                        PatchContext.of(PatchType.JSON_MERGE),
                                        "{\"data\":{\"one\":\"m\"}}"))
                .satisfies(e -> assertThat(code(e)).isEqualTo(422));
    }

    @Test
    void aFinalizerHoldsADeletedObjectUntilItIsTakenAway() {
        ConfigMap held = configMap("held", Map.of());
        held.getMetadata().setFinalizers(java.util.List.of("switchback.dev/held"));
        client.resource(held).create();
        var named = client.configMaps().inNamespace(ns).withName("held");
        named.delete();
        assertThat(named.get().getMetadata().getDeletionTimestamp()).isNotNull();
        named.edit(
                c -> new ConfigMapBuilder(c).editMetadata().withFinalizers().endMetadata().build());
        assertThat(named.get()).isNull();
    }

    @Test
    void aWatchSeesEachVersionOnce() throws InterruptedException {
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Watcher<ConfigMap> watcher =
                new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ConfigMap resource) {
                        seen.add(action + " " + resource.getData());
                    }

                    @Override
                    public void onClose(WatcherException cause) {}
                };
        try (KubernetesClient program = kube.client(kube.adminToken(), ns);
                Watch watch = program.configMaps().inNamespace(ns).watch(watcher)) {
            assertThat(watch).isNotNull();
            client.resource(configMap("w", Map.of("n", "1"))).create();
            client.resource(configMap("w", Map.of("n", "2"))).update();
            client.configMaps().inNamespace(ns).withName("w").delete();
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("ADDED {n=1}");
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("MODIFIED {n=2}");
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("DELETED {n=2}");
        }
    }

    @Test
    void theApiSaysWhichOperatorsAreInstalled() {
        assertThat(client.supports("postgresql.cnpg.io/v1", "Cluster")).isTrue();
        assertThat(client.supports("acid.zalan.do/v1", "postgresql")).isTrue();
        assertThat(client.supports("example.com/v1", "Nothing")).isFalse();
        assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("33");
        try (FakeKube bare = FakeKube.start()) {
            bare.uninstall("postgresql.cnpg.io");
            assertThat(bare.client().supports("postgresql.cnpg.io/v1", "Cluster")).isFalse();
        }
    }

    static int code(Throwable e) {
        return e instanceof KubernetesClientException k ? k.getCode() : -1;
    }

    private ConfigMap configMap(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(ns)
                .withName(name)
                .endMetadata()
                .withData(data)
                .build();
    }

    private Deployment deployment(String name, int replicas) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(ns)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .addNewEnv()
                .withName("A")
                .withValue("1")
                .endEnv()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
