package dev.switchback.steps.slots;

import static dev.switchback.lab.kube.MastodonCluster.NAMESPACE;
import static dev.switchback.steps.slots.PatroniSource.NAME;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.lab.kube.FakeKube;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link PatroniSource} as Kubernetes would show it, and the operator's part: its {@code
 * postgresql} object's parameters and slots reach Patroni, members that wait for a restart get one,
 * the leader last. Patroni's own settings are one text in both places: an annotation, whose changes
 * reach Patroni. A round every 300 ms.
 */
final class PatroniInKubernetes implements AutoCloseable {
    private static final Map<String, String> LABELS =
            Map.of("application", "spilo", "cluster-name", NAME, "team", "mastodon");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceDefinitionContext POSTGRESQL =
            new ResourceDefinitionContext.Builder()
                    .withGroup("acid.zalan.do")
                    .withVersion("v1")
                    .withPlural("postgresqls")
                    .withKind("postgresql")
                    .withNamespaced(true)
                    .build();

    private final PatroniSource source;
    private final KubernetesClient client;
    private final List<String> leading;
    private final List<String> following;
    private final Thread thread;

    /** The slots of the object that the operator last saw: it remembers them, and no others. */
    private JsonNode declared = JSON.createObjectNode();

    private String lastShown = "";
    private volatile boolean closed;
    private volatile boolean operatorAway;

    /** The least that the steps of this room read. */
    PatroniInKubernetes(PatroniSource source, FakeKube kube) throws Exception {
        this(source, kube, List.of(NAME), List.of());
    }

    /**
     * @param leading Services that lead to the leader
     * @param following Services that lead to the replica; a cluster that has some exists already
     */
    PatroniInKubernetes(
            PatroniSource source, FakeKube kube, List<String> leading, List<String> following)
            throws Exception {
        this.source = source;
        this.client = kube.client();
        this.leading = leading;
        this.following = following;
        if (following.isEmpty()) {
            create();
        } else {
            // what the objects were made with is not what this Patroni has
            lastShown = config().getMetadata().getAnnotations().getOrDefault("config", "");
        }
        round();
        thread = Thread.ofPlatform().daemon().name("patroni-in-kubernetes").start(this::rounds);
    }

    /** The operator neither sees nor remembers anything while it is away. */
    void operatorAway(boolean away) {
        operatorAway = away;
        declared = JSON.createObjectNode();
    }

    /** {@code spec} of the {@code postgresql} object. */
    JsonNode spec() {
        return JSON.valueToTree(object().getAdditionalProperties().get("spec"));
    }

    /** Patroni's settings as the annotation shows them. */
    JsonNode settings() throws Exception {
        return JSON.readTree(config().getMetadata().getAnnotations().get("config"));
    }

    private GenericKubernetesResource object() {
        return client.genericKubernetesResources(POSTGRESQL)
                .inNamespace(NAMESPACE)
                .withName(NAME)
                .get();
    }

    private Endpoints config() {
        return client.endpoints().inNamespace(NAMESPACE).withName(NAME + "-config").get();
    }

    private void create() {
        GenericKubernetesResource object =
                FakeKube.customObject(
                        "acid.zalan.do/v1",
                        "postgresql",
                        NAME,
                        Map.of(
                                "teamId",
                                "mastodon",
                                "numberOfInstances",
                                2,
                                "postgresql",
                                Map.of("version", "15")));
        client.resource(object).create();
        status("Running");
        client.resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace(NAMESPACE)
                                .withName("postgres." + NAME + ".credentials")
                                .withLabels(LABELS)
                                .endMetadata()
                                .withStringData(
                                        Map.of(
                                                "username",
                                                "postgres",
                                                "password",
                                                PatroniSource.PASSWORD.reveal()))
                                .build())
                .create();
        for (int member : new int[] {1, 2}) {
            Pod pod =
                    new PodBuilder()
                            .withNewMetadata()
                            .withNamespace(NAMESPACE)
                            .withName(PatroniSource.pod(member))
                            .withLabels(LABELS)
                            .endMetadata()
                            .withNewSpec()
                            .addNewContainer()
                            .withName("postgres")
                            .withImage("spilo")
                            .endContainer()
                            .endSpec()
                            .build();
            Pod created = client.resource(pod).create();
            created.setStatus(
                    new PodBuilder(created)
                            .editOrNewStatus()
                            .withPhase("Running")
                            .withPodIP(source.address(member))
                            .addNewCondition()
                            .withType("Ready")
                            .withStatus("True")
                            .endCondition()
                            .endStatus()
                            .build()
                            .getStatus());
            client.resource(created).updateStatus();
        }
        client.resource(endpoints(NAME)).create();
        client.resource(endpoints(NAME + "-config")).create();
    }

    private static Endpoints endpoints(String name) {
        return new EndpointsBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withLabels(LABELS)
                .endMetadata()
                .build();
    }

    private void status(String word) {
        GenericKubernetesResource object = object();
        object.setAdditionalProperty("status", Map.of("PostgresClusterStatus", word));
        client.resource(object).updateStatus();
    }

    private void rounds() {
        while (!closed) {
            try {
                round();
            } catch (Exception e) {
                // a member that just died answers nothing; the next round will
            }
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void round() throws Exception {
        members();
        settingsBothWays();
        if (!operatorAway) {
            operator();
        }
    }

    private void members() throws Exception {
        JsonNode cluster = source.cluster();
        for (JsonNode member : cluster.path("members")) {
            boolean leader = member.path("role").asText().equals("leader");
            String name = member.path("name").asText();
            ObjectNode status = JSON.createObjectNode();
            status.put("state", member.path("state").asText());
            status.put("role", leader ? "master" : "replica");
            status.set("timeline", member.path("timeline"));
            if (member.path("pending_restart").asBoolean(false)) {
                status.put("pending_restart", true);
            }
            client.pods()
                    .inNamespace(NAMESPACE)
                    .withName(name)
                    .edit(pod -> {
                        Map<String, String> labels = new LinkedHashMap<>(LABELS);
                        labels.put("spilo-role", leader ? "master" : "replica");
                        pod.getMetadata().setLabels(labels);
                        pod.getMetadata().setAnnotations(Map.of("status", status.toString()));
                        return pod;
                    });
            if (leader) {
                leads(name, name.equals(PatroniSource.pod(1)) ? 1 : 2);
            }
        }
    }

    private void leads(String pod, int member) {
        client.endpoints()
                .inNamespace(NAMESPACE)
                .withName(NAME)
                .edit(e -> {
                    e.getMetadata().setAnnotations(Map.of("leader", pod, "ttl", "30"));
                    return e;
                });
        leading.forEach(service -> lead(service, source.address(member)));
        following.forEach(service -> lead(service, source.address(3 - member)));
    }

    private void lead(String name, String address) {
        Service found = client.services().inNamespace(NAMESPACE).withName(name).get();
        if (found == null) {
            client.resource(
                            new ServiceBuilder()
                                    .withNewMetadata()
                                    .withNamespace(NAMESPACE)
                                    .withName(name)
                                    .withLabels(LABELS)
                                    .endMetadata()
                                    .withNewSpec()
                                    .withClusterIP(address)
                                    .addNewPort()
                                    .withName("postgresql")
                                    .withPort(5432)
                                    .endPort()
                                    .endSpec()
                                    .build())
                    .create();
        } else if (!found.getSpec().getClusterIP().equals(address)) {
            // a real Service keeps its address and leads elsewhere
            client.resource(found).delete();
            found.getSpec().setClusterIP(address);
            found.getSpec().setClusterIPs(null);
            found.getMetadata().setResourceVersion(null);
            found.getMetadata().setUid(null);
            client.resource(found).create();
        }
    }

    /** What somebody wrote into the annotation reaches Patroni; what Patroni has is shown. */
    private void settingsBothWays() throws Exception {
        Endpoints config = config();
        Map<String, String> annotations = config.getMetadata().getAnnotations();
        String shown = annotations == null ? "" : annotations.getOrDefault("config", "");
        JsonNode now = source.config();
        if (!shown.isEmpty() && !shown.equals(lastShown)) {
            ObjectNode patch = difference(JSON.readTree(shown), now);
            now = patch.isEmpty() ? now : source.patch(patch.toString());
        }
        String next = now.toString();
        if (!next.equals(shown)) {
            config.getMetadata().setAnnotations(new LinkedHashMap<>(Map.of("config", next)));
            client.resource(config).update(); // refused when it was changed meanwhile
        }
        lastShown = next;
    }

    /** The merge patch that leads from one to the other. */
    private static ObjectNode difference(JsonNode wanted, JsonNode now) {
        ObjectNode patch = JSON.createObjectNode();
        wanted.properties()
                .forEach(e -> {
                    JsonNode there = now.path(e.getKey());
                    if (e.getValue().isObject() && there.isObject()) {
                        ObjectNode inner = difference(e.getValue(), there);
                        if (!inner.isEmpty()) {
                            patch.set(e.getKey(), inner);
                        }
                    } else if (!e.getValue().equals(there)) {
                        patch.set(e.getKey(), e.getValue());
                    }
                });
        now.properties()
                .forEach(e -> {
                    if (!wanted.has(e.getKey())) {
                        patch.putNull(e.getKey());
                    }
                });
        return patch;
    }

    private void operator() throws Exception {
        JsonNode spec = spec();
        JsonNode now = source.config();
        ObjectNode patch = JSON.createObjectNode();
        JsonNode slots = spec.path("patroni").path("slots");
        slots.properties()
                .forEach(e -> {
                    if (!e.getValue().equals(now.path("slots").path(e.getKey()))) {
                        patch.withObject("slots").set(e.getKey(), e.getValue());
                    }
                });
        declared.properties()
                .forEach(e -> {
                    if (!slots.has(e.getKey())) {
                        patch.withObject("slots").putNull(e.getKey());
                    }
                });
        JsonNode parameters = now.path("postgresql").path("parameters");
        spec.path("postgresql")
                .path("parameters")
                .properties()
                .forEach(e -> {
                    if (!e.getValue().equals(parameters.path(e.getKey()))) {
                        patch.withObject("/postgresql/parameters").set(e.getKey(), e.getValue());
                    }
                });
        if (!patch.isEmpty()) {
            status("Updating");
            source.patch(patch.toString());
            if (patch.has("postgresql")) {
                Thread.sleep(2_000); // the real one sleeps for loop_wait + 2 s
                members();
                restartPending(source.replica());
                restartPending(source.leader());
                members();
            }
            status("Running");
        }
        declared = slots.isObject() ? slots : JSON.createObjectNode();
    }

    private void restartPending(int member) throws Exception {
        if (source.pendingRestart(member)) {
            source.restart(member, "{\"restart_pending\":true}");
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
