package dev.switchback.lab.kube;

import static dev.switchback.lab.kube.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pods take their time to start and stop, and read their environment once. */
@Timeout(30)
class WorkloadsKubeTest {
    private static final AtomicInteger NAMESPACES = new AtomicInteger();
    private static final Recorder RECORDER = new Recorder();
    private static FakeKube kube;
    private static Controllers controllers;
    private static KubernetesClient client;
    private String ns = "";

    @BeforeAll
    static void start() {
        kube = FakeKube.start();
        client = kube.client();
        controllers =
                Controllers.start(
                                kube,
                                new Controllers.Timing(
                                        Duration.ofMillis(150),
                                        Duration.ofMillis(300),
                                        Duration.ofMillis(100)))
                        .listen(RECORDER);
        controllers.ignoreStop(pod -> pod.owner().equals("deployment/stubborn"));
    }

    @AfterAll
    static void stop() {
        controllers.close();
        kube.close();
    }

    @BeforeEach
    void ownNamespace() {
        ns = "ns-" + NAMESPACES.incrementAndGet();
        client.resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withNamespace(ns)
                                .withName("settings")
                                .endMetadata()
                                .addToData("DB_HOST", "old")
                                .build())
                .create();
        client.resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace(ns)
                                .withName("credentials")
                                .endMetadata()
                                .addToStringData("password", "secret")
                                .build())
                .create();
    }

    @Test
    void theEnvironmentIsReadAtTheStartAndNeverAgain() throws Exception {
        create("web", 1);
        eventually("the pod runs", () -> started("web").size() == 1);
        RunningPod first = started("web").getFirst();
        assertThat(first.env())
                .containsEntry("DB_HOST", "old")
                .containsEntry("DB_PASS", "secret")
                .containsEntry("DB_URL", "postgresql://u:secret@old");
        assertThat(first.secretFiles()).containsEntry("credentials", Map.of("password", "secret"));
        assertThat(first.owner()).isEqualTo("deployment/web");
        eventually("it is ready", () -> ready("web") == 1);

        client.configMaps()
                .inNamespace(ns)
                .withName("settings")
                .edit(c -> new ConfigMapBuilder(c).addToData("DB_HOST", "new").build());
        assertThat(first.env()).containsEntry("DB_HOST", "old");

        client.apps().deployments().inNamespace(ns).withName("web").rolling().restart();
        eventually("a second pod runs", () -> started("web").size() == 2);
        assertThat(started("web").getLast().env()).containsEntry("DB_HOST", "new");
        eventually("the first has gone", () -> pods("web").size() == 1);
        assertThat(RECORDER.stopping).contains(first);
    }

    @Test
    void zeroReplicasInTheStatusDoNotMeanThatThePodsHaveStopped() throws Exception {
        CompletableFuture<Void> lastRequest = new CompletableFuture<>();
        RECORDER.stops.put("deployment/slow", lastRequest);
        create("slow", 2);
        eventually("both run", () -> ready("slow") == 2);

        client.apps().deployments().inNamespace(ns).withName("slow").scale(0);
        eventually(
                "the status says none",
                () -> {
                    var status = deployment("slow").getStatus();
                    return status.getReplicas() == null
                            && status.getObservedGeneration()
                                    .equals(deployment("slow").getMetadata().getGeneration());
                });
        eventually("they are asked to stop", () -> stopping("slow").size() == 2);
        assertThat(pods("slow"))
                .hasSize(2)
                .allSatisfy(p -> assertThat(p.getMetadata().getDeletionTimestamp()).isNotNull());

        lastRequest.complete(null);
        eventually("they have gone", () -> pods("slow").isEmpty());
        assertThat(RECORDER.killed).noneMatch(pod -> pod.owner().equals("deployment/slow"));
    }

    @Test
    void aPodThatIgnoresItsStopIsKilledWhenItsGraceIsOver() throws Exception {
        create("stubborn", 1);
        eventually("it runs", () -> ready("stubborn") == 1);
        long asked = System.nanoTime();
        client.apps().deployments().inNamespace(ns).withName("stubborn").scale(0);
        eventually("it has gone", () -> pods("stubborn").isEmpty());

        assertThat(Duration.ofNanos(System.nanoTime() - asked))
                .isGreaterThan(Duration.ofMillis(990));
        assertThat(stopping("stubborn")).isEmpty();
        assertThat(RECORDER.killed)
                .filteredOn(pod -> pod.namespace().equals(ns))
                .extracting(RunningPod::owner)
                .containsExactly("deployment/stubborn");
    }

    @Test
    void aPodWaitsForASecretThatIsNotThere() throws Exception {
        client.secrets().inNamespace(ns).withName("credentials").delete();
        create("web", 1);
        eventually(
                "it waits",
                () ->
                        pods("web").stream()
                                .anyMatch(p ->
                                        p.getStatus() != null
                                                && p.getStatus()
                                                        .toString()
                                                        .contains("CreateContainerConfigError")));
        assertThat(started("web")).isEmpty();
    }

    @Test
    void aDeletedPodIsReplacedAndADeletedDeploymentTakesItsPodsAlong() throws Exception {
        create("web", 1);
        eventually("it runs", () -> ready("web") == 1);
        String first = pods("web").getFirst().getMetadata().getName();
        client.pods().inNamespace(ns).withName(first).delete();
        eventually(
                "another runs alone",
                () ->
                        ready("web") == 1
                                && pods("web").stream()
                                        .noneMatch(p -> p.getMetadata().getName().equals(first)));
        client.apps().deployments().inNamespace(ns).withName("web").delete();
        eventually("nothing is left", () -> pods("web").isEmpty());
    }

    @Test
    void aStatefulSetWorksInOrder() throws Exception {
        client.resource(
                        new StatefulSetBuilder()
                                .withNewMetadata()
                                .withNamespace(ns)
                                .withName("set")
                                .endMetadata()
                                .withNewSpec()
                                .withReplicas(2)
                                .withNewSelector()
                                .addToMatchLabels("app", "set")
                                .endSelector()
                                .withTemplate(template("set"))
                                .endSpec()
                                .build())
                .create();
        var set = client.apps().statefulSets().inNamespace(ns).withName("set");
        eventually(
                "both are ready",
                () ->
                        set.get().getStatus() != null
                                && Integer.valueOf(2)
                                        .equals(set.get().getStatus().getReadyReplicas()));
        assertThat(started("set")).extracting(RunningPod::name).containsExactly("set-0", "set-1");
        assertThat(started("set")).extracting(RunningPod::owner).containsOnly("statefulset/set");
        set.scale(0);
        eventually("they have gone", () -> pods("set").isEmpty());
        assertThat(stopping("set")).extracting(RunningPod::name).containsExactly("set-1", "set-0");
    }

    /** Remembers every call. */
    private static final class Recorder implements PodListener {
        final List<RunningPod> started = new CopyOnWriteArrayList<>();
        final List<RunningPod> stopping = new CopyOnWriteArrayList<>();
        final List<RunningPod> killed = new CopyOnWriteArrayList<>();
        final Map<String, CompletableFuture<Void>> stops = new ConcurrentHashMap<>();

        @Override
        public void started(RunningPod pod) {
            started.add(pod);
        }

        @Override
        public CompletionStage<Void> stopping(RunningPod pod) {
            stopping.add(pod);
            return stops.getOrDefault(pod.owner(), CompletableFuture.completedFuture(null));
        }

        @Override
        public void killed(RunningPod pod) {
            killed.add(pod);
        }
    }

    private List<RunningPod> started(String workload) {
        return of(RECORDER.started, workload);
    }

    private List<RunningPod> stopping(String workload) {
        return of(RECORDER.stopping, workload);
    }

    private List<RunningPod> of(List<RunningPod> pods, String workload) {
        return pods.stream()
                .filter(p -> p.namespace().equals(ns) && p.owner().endsWith("/" + workload))
                .toList();
    }

    private Deployment deployment(String name) {
        return client.apps().deployments().inNamespace(ns).withName(name).get();
    }

    private int ready(String name) {
        var status = deployment(name).getStatus();
        return status == null || status.getReadyReplicas() == null ? 0 : status.getReadyReplicas();
    }

    private List<Pod> pods(String app) {
        return client.pods().inNamespace(ns).withLabel("app", app).list().getItems();
    }

    private void create(String name, int replicas) {
        client.resource(
                        new DeploymentBuilder()
                                .withNewMetadata()
                                .withNamespace(ns)
                                .withName(name)
                                .endMetadata()
                                .withNewSpec()
                                .withReplicas(replicas)
                                .withNewSelector()
                                .addToMatchLabels("app", name)
                                .endSelector()
                                .withTemplate(template(name))
                                .endSpec()
                                .build())
                .create();
    }

    private static PodTemplateSpec template(String app) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels("app", app)
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(app.equals("stubborn") ? 1L : 10L)
                .addNewContainer()
                .withName("main")
                .withEnvFrom(
                        new EnvFromSourceBuilder().withNewConfigMapRef("settings", false).build())
                .addNewEnv()
                .withName("DB_PASS")
                .withNewValueFrom()
                .withNewSecretKeyRef("password", "credentials", false)
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("DB_URL")
                .withValue("postgresql://u:$(DB_PASS)@$(DB_HOST)")
                .endEnv()
                .endContainer()
                .addNewVolume()
                .withName("files")
                .withNewSecret()
                .withSecretName("credentials")
                .endSecret()
                .endVolume()
                .endSpec()
                .build();
    }
}
