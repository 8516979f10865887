package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.ClusterBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamedAuthInfoBuilder;
import io.fabric8.kubernetes.api.model.NamedClusterBuilder;
import io.fabric8.kubernetes.api.model.NamedContextBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A Kubernetes API server on {@code http://127.0.0.1:<free port>}, for this process and others:
 * tokens with Roles enforced on every request, a log of the requests, and ways to fail, hold or
 * lose one on purpose. Closing it cuts every connection.
 */
public final class FakeKube implements AutoCloseable {
    private final ApiServer api = new ApiServer();
    private final HttpFront front = new HttpFront(api);
    private final AtomicInteger accounts = new AtomicInteger();
    private final KubernetesClient labClient;

    private FakeKube() {
        String token = api.access.token(ApiServer.LAB_USER);
        api.access.grantAll(token);
        labClient = client(token, "default");
    }

    public static FakeKube start() {
        return new FakeKube();
    }

    public String url() {
        return "http://127.0.0.1:" + front.port();
    }

    /** The same server with TLS, by a certificate that only {@link #secureKubeconfig} trusts. */
    public URI secureUrl() {
        return URI.create("https://localhost:" + front.securePort());
    }

    /** The lab's own client: may do everything, is neither logged nor intercepted nor failed. */
    public KubernetesClient client() {
        return labClient;
    }

    /** A client as the program would have it; the caller closes it. */
    public KubernetesClient client(String token, String namespace) {
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(url())
                        .withOauthToken(token)
                        .withNamespace(namespace)
                        .withRequestTimeout(10_000)
                        .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new JdkHttpClientFactory())
                .build();
    }

    /** A token of an administrator: everything, everywhere, logged as {@code kubernetes-admin}. */
    public String adminToken() {
        String token = api.access.token("kubernetes-admin");
        api.access.grantAll(token);
        return token;
    }

    /** A token of a user who may do nothing until {@link #grant}ed. */
    public String token(String user) {
        return api.access.token(user);
    }

    /** A token with these rules in every namespace. */
    public String tokenFor(List<PolicyRule> rules) {
        String token = token("system:serviceaccount:lab:account-" + accounts.incrementAndGet());
        grant(token, "*", rules);
        return token;
    }

    /**
     * A token of a service account of the namespace, with the Roles and ClusterRoles in a manifest;
     * other objects in it are passed over.
     */
    public String tokenFor(Path manifest, String namespace, String account) {
        String token = token("system:serviceaccount:" + namespace + ":" + account);
        try (InputStream content = Files.newInputStream(manifest)) {
            for (HasMetadata object : labClient.load(content).items()) {
                api.access.grant(token, namespace, object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return token;
    }

    /**
     * @param namespace {@code *} for every namespace and the cluster scope
     */
    public void grant(String token, String namespace, List<PolicyRule> rules) {
        api.access.grant(token, namespace, rules);
    }

    /** What was asked of the API, except by the lab itself, in the order of the answers. */
    public List<Request> requests() {
        return api.log();
    }

    /** The changes among them, allowed or not: no access reviews and no dry runs. */
    public List<Request> writes() {
        return requests().stream().filter(Request::isWrite).toList();
    }

    /** Decides about each change from now on. */
    public void intercept(Interceptor interceptor) {
        api.intercept(interceptor);
    }

    /**
     * The next {@code count} requests that match go wrong; reads are asked too. The predicate sees
     * method, path and user.
     */
    public void fail(int count, Predicate<Request> which, Fault fault) {
        api.faults.next(count, which, fault);
    }

    /** Forgets the queued faults that no request has met. */
    public void clearFaults() {
        api.faults.clear();
    }

    /** Cuts the connections of requests that are never to be answered. */
    public void release() {
        front.release();
    }

    /** As if the operator with this API group had never been installed. */
    public void uninstall(String group) {
        api.discovery.uninstall(group);
    }

    /** A custom resource of namespace {@code mastodon}, to be created. */
    public static GenericKubernetesResource customObject(
            String apiVersion, String kind, String name, Map<String, Object> spec) {
        return LabObjects.custom(apiVersion, kind, name, spec);
    }

    /** A container of the pod writes a line to its standard output. */
    public void log(String namespace, String pod, String line) {
        log(namespace, pod, Instant.now(), line);
    }

    /** The same, as if it had been written at that time; lines of a pod come in order. */
    public void log(String namespace, String pod, Instant at, String line) {
        api.logs.write(namespace, pod, at, line);
    }

    /** Writes a kubeconfig, readable by its owner only, and returns its path. */
    public Path kubeconfig(Path folder, String token, String namespace) {
        return kubeconfig(folder, token, namespace, new ClusterBuilder().withServer(url()).build());
    }

    /** The same over TLS: kubectl sends no token without. */
    public Path secureKubeconfig(Path folder, String token, String namespace) {
        return kubeconfig(
                folder,
                token,
                namespace,
                new ClusterBuilder()
                        .withServer(secureUrl().toString())
                        .withCertificateAuthorityData(
                                Base64.getEncoder()
                                        .encodeToString(
                                                front.caPem().getBytes(StandardCharsets.UTF_8)))
                        .build());
    }

    private static Path kubeconfig(Path folder, String token, String namespace, Cluster cluster) {
        io.fabric8.kubernetes.api.model.Config config =
                new io.fabric8.kubernetes.api.model.ConfigBuilder()
                        .withApiVersion("v1")
                        .withKind("Config")
                        .withCurrentContext("lab")
                        .withClusters(
                                new NamedClusterBuilder()
                                        .withName("lab")
                                        .withCluster(cluster)
                                        .build())
                        .withUsers(
                                new NamedAuthInfoBuilder()
                                        .withName("lab")
                                        .withNewUser()
                                        .withToken(token)
                                        .endUser()
                                        .build())
                        .withContexts(
                                new NamedContextBuilder()
                                        .withName("lab")
                                        .withNewContext()
                                        .withCluster("lab")
                                        .withUser("lab")
                                        .withNamespace(namespace)
                                        .endContext()
                                        .build())
                        .build();
        try {
            Path file =
                    Files.createTempFile(
                            folder,
                            "kubeconfig-",
                            "",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, Serialization.asYaml(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a pod that mounted this Secret now would find; empty when there is no such Secret. */
    public Map<String, String> secret(String namespace, String name) {
        return objects()
                .find(Kind.SECRET, namespace, name)
                .map(PodEnvironment::decoded)
                .orElse(Map.of());
    }

    /** Gives a pod that no kubelet runs another IP. */
    public void movePod(String namespace, String name, String ip) {
        Pod pod = objects().find(Kind.POD, namespace, name).orElseThrow();
        pod.getStatus().setPodIP(ip);
        objects().updateStatus(pod);
    }

    /** Gives a Service another clusterIP, which only the lab's own hand can. */
    public void moveService(String namespace, String name, String ip) {
        Service service = objects().find(Kind.SERVICE, namespace, name).orElseThrow();
        service.getSpec().setClusterIP(ip);
        if (!objects().update(service)) {
            throw new IllegalStateException("somebody else wrote service " + name);
        }
    }

    /** The objects themselves, without HTTP, for the simulated controllers. */
    ClusterObjects objects() {
        return new ClusterObjects(api.store);
    }

    @Override
    public void close() {
        labClient.close();
        front.close();
    }
}
