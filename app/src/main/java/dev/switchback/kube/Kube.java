package dev.switchback.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One API server, as one context of a kubeconfig (or the pod's own account) sees it. */
public final class Kube implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private final String server;

    private Kube(KubernetesClient client) {
        this.client = client;
        this.server = client.getMasterUrl().toString();
    }

    /**
     * @param kubeconfig a kubeconfig file; empty for KUBECONFIG, ~/.kube/config or the pod's
     *     account, in this order
     * @param context a context of it; empty for the current one
     * @throws SwitchbackException USAGE when the file or the context is not there
     */
    public static Kube connect(Optional<Path> kubeconfig, Optional<String> context) {
        Config base;
        if (kubeconfig.isPresent()) {
            if (!Files.isReadable(kubeconfig.get())) {
                throw new SwitchbackException(
                        Code.USAGE,
                        kubeconfig.get().toString(),
                        "the kubeconfig cannot be read",
                        "check --kubeconfig or KUBECONFIG");
            }
            base = Config.fromKubeconfig(context.orElse(null), kubeconfig.get().toFile());
        } else {
            base = Config.autoConfigure(context.orElse(null));
        }
        if (context.isPresent()
                && (base.getCurrentContext() == null
                        || !context.get().equals(base.getCurrentContext().getName()))) {
            throw new SwitchbackException(
                    Code.USAGE,
                    context.get(),
                    "no such context in the kubeconfig",
                    "kubectl config get-contexts");
        }
        Config config =
                new ConfigBuilder(base)
                        .withConnectionTimeout(5_000)
                        .withRequestTimeout(20_000)
                        .withRequestRetryBackoffLimit(4)
                        .withRequestRetryBackoffInterval(200)
                        .build();
        return new Kube(new KubernetesClientBuilder().withConfig(config).build());
    }

    /** The API server's address, for messages. */
    public String server() {
        return server;
    }

    /** The namespace of the context. */
    public Optional<String> namespace() {
        return Optional.ofNullable(client.getNamespace());
    }

    public Optional<KubeObject> get(Kind kind, String namespace, String name) {
        return call(
                        kind,
                        namespace,
                        name,
                        "get",
                        () -> Optional.ofNullable(one(kind, namespace, name).get()))
                .map(found -> object(kind, found));
    }

    /**
     * @throws SwitchbackException KUBE_NOT_FOUND with what to do
     */
    public KubeObject require(Kind kind, String namespace, String name, String remedy) {
        return get(kind, namespace, name)
                .orElseThrow(() ->
                        new SwitchbackException(
                                Code.KUBE_NOT_FOUND,
                                namespace + "/" + name,
                                "there is no " + kind.kind() + " of this name",
                                remedy));
    }

    public List<KubeObject> list(Kind kind, String namespace, Map<String, String> labels) {
        return call(
                        kind,
                        namespace,
                        "",
                        "list",
                        () -> all(kind).inNamespace(namespace).withLabels(labels).list().getItems())
                .stream()
                .map(found -> object(kind, found))
                .toList();
    }

    /**
     * @throws SwitchbackException KUBE_CONFLICT when it exists already
     */
    public KubeObject create(Kind kind, String namespace, ObjectNode json) {
        json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        json.withObject("metadata").put("namespace", namespace);
        String name = json.path("metadata").path("name").asText();
        return object(
                kind,
                call(
                        kind,
                        namespace,
                        name,
                        "create",
                        () -> all(kind).inNamespace(namespace).resource(generic(json)).create()));
    }

    /**
     * Replaces an object if nobody changed it since it was read; {@code json} carries its
     * resourceVersion.
     */
    public KubeObject replace(Kind kind, String namespace, JsonNode json) {
        String name = json.path("metadata").path("name").asText();
        return object(
                kind,
                call(
                        kind,
                        namespace,
                        name,
                        "update",
                        () -> all(kind).inNamespace(namespace).resource(generic(json)).update()));
    }

    /**
     * A JSON merge patch; null values remove. With {@code metadata.resourceVersion} inside it is
     * conditional.
     */
    public KubeObject patch(Kind kind, String namespace, String name, ObjectNode patch) {
        return object(
                kind,
                call(
                        kind,
                        namespace,
                        name,
                        "patch",
                        () ->
                                one(kind, namespace, name)
                                        .patch(
                                                PatchContext.of(PatchType.JSON_MERGE),
                                                patch.toString())));
    }

    /** Deletes; an object that is not there is fine. */
    public void delete(Kind kind, String namespace, String name) {
        call(kind, namespace, name, "delete", () -> one(kind, namespace, name).delete());
    }

    /** Sets the replicas of a Deployment or StatefulSet through its scale subresource. */
    public void scale(Kind kind, String namespace, String name, int replicas) {
        var scale =
                new ScaleBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(replicas)
                        .endSpec()
                        .build();
        Supplier<Object> action =
                switch (kind) {
                    case DEPLOYMENT ->
                            () ->
                                    client.apps()
                                            .deployments()
                                            .inNamespace(namespace)
                                            .withName(name)
                                            .scale(scale);
                    case STATEFUL_SET ->
                            () ->
                                    client.apps()
                                            .statefulSets()
                                            .inNamespace(namespace)
                                            .withName(name)
                                            .scale(scale);
                    default -> throw new IllegalArgumentException(kind + " cannot be scaled");
                };
        call(kind, namespace, name, "scale", action);
    }

    /**
     * A quantity of Kubernetes in bytes: {@code 20Gi}, {@code 500M}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static long bytes(String quantity) {
        return Quantity.getAmountInBytes(new Quantity(quantity)).longValue();
    }

    /** Whether we may do this, as the API server's own access review says. */
    public boolean allowed(
            String verb, String group, String resource, String subresource, String namespace) {
        SelfSubjectAccessReview review =
                new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withNewResourceAttributes()
                        .withVerb(verb)
                        .withGroup(group)
                        .withResource(resource)
                        .withSubresource(subresource.isEmpty() ? null : subresource)
                        .withNamespace(namespace)
                        .endResourceAttributes()
                        .endSpec()
                        .build();
        SelfSubjectAccessReview answer =
                call(
                        Kind.POD,
                        namespace,
                        "",
                        "create selfsubjectaccessreviews",
                        () -> client.authorization().v1().selfSubjectAccessReview().create(review));
        return answer.getStatus() != null && Boolean.TRUE.equals(answer.getStatus().getAllowed());
    }

    /**
     * What a container wrote lately, each line with its time in front, oldest first.
     *
     * @param lines at most so many, the newest
     * @param bytes at most so many, counted from the oldest line given
     * @throws SwitchbackException with the kubelet's words, also when the container never started
     */
    public String log(
            String namespace, String pod, String container, Duration since, int lines, int bytes) {
        return call(
                Kind.POD,
                namespace,
                pod,
                "read the log of",
                () ->
                        client.pods()
                                .inNamespace(namespace)
                                .withName(pod)
                                .inContainer(container)
                                .usingTimestamps()
                                .limitBytes(bytes)
                                .sinceSeconds(Math.toIntExact(since.toSeconds()))
                                .tailingLines(lines)
                                .getLog());
    }

    @Override
    public void close() {
        client.close();
    }

    private MixedOperation<
                    GenericKubernetesResource,
                    io.fabric8.kubernetes.api.model.GenericKubernetesResourceList,
                    Resource<GenericKubernetesResource>>
            all(Kind kind) {
        return client.genericKubernetesResources(
                new ResourceDefinitionContext.Builder()
                        .withGroup(kind.group())
                        .withVersion(kind.version())
                        .withPlural(kind.plural())
                        .withKind(kind.kind())
                        .withNamespaced(true)
                        .build());
    }

    private Resource<GenericKubernetesResource> one(Kind kind, String namespace, String name) {
        return all(kind).inNamespace(namespace).withName(name);
    }

    private static GenericKubernetesResource generic(JsonNode json) {
        try {
            return JSON.treeToValue(json, GenericKubernetesResource.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "cannot convert an object for the Kubernetes client", e);
        }
    }

    private static KubeObject object(Kind kind, GenericKubernetesResource resource) {
        return new KubeObject(kind, JSON.valueToTree(resource));
    }

    private <T> T call(Kind kind, String namespace, String name, String verb, Supplier<T> action) {
        try {
            return action.get();
        } catch (KubernetesClientException e) {
            throw failed(kind, namespace, name, verb, e);
        }
    }

    private SwitchbackException failed(
            Kind kind, String namespace, String name, String verb, KubernetesClientException e) {
        String object = name.isEmpty() ? namespace + " " + kind.plural() : namespace + "/" + name;
        String words =
                e.getStatus() != null && e.getStatus().getMessage() != null
                        ? e.getStatus().getMessage()
                        : rootMessage(e);
        String what = verb + " " + kind.kind() + " failed: " + words;
        Problem problem =
                switch (e.getCode()) {
                    case 401, 403 ->
                            new Problem(
                                    Code.KUBE_FORBIDDEN,
                                    object,
                                    what,
                                    "grant the Role that 'switchback init --role' prints");
                    case 404 ->
                            new Problem(
                                    Code.KUBE_NOT_FOUND,
                                    object,
                                    what,
                                    "check the name and the namespace");
                    case 409 ->
                            new Problem(
                                    Code.KUBE_CONFLICT,
                                    object,
                                    what,
                                    "somebody changed it; try again");
                    case 0 ->
                            new Problem(
                                    Code.KUBE_UNREACHABLE,
                                    server,
                                    what,
                                    "check the kubeconfig, the context and the network");
                    default ->
                            new Problem(
                                    Code.KUBE_FAILED,
                                    object,
                                    what,
                                    "see the API server's words; try again");
                };
        return new SwitchbackException(problem, e);
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
