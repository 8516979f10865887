package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The CloudNativePG operator and instance manager, as far as a migration meets them.
 *
 * <p>Some time after a change of the Cluster's superuser switch or of one of its Secrets:
 *
 * <ol>
 *   <li>superuser access on: its Secret is made if need be, and its password set when the Secret's
 *       version is not the one applied last;
 *   <li>off: the Secret goes and the superuser's password becomes null, whatever it was;
 *   <li>the owner's password is set from {@code <cluster>-app} under the same condition: the memory
 *       of versions is empty after a restart of the instance.
 * </ol>
 */
final class CnpgOperator implements Controller {
    private final ClusterObjects objects;
    private final Duration delay;
    private final Map<String, CnpgInstance> instances;
    private final Map<String, String> phases = new ConcurrentHashMap<>();
    private final Map<String, Memory> memories = new ConcurrentHashMap<>();

    /**
     * @param instances by name of the Cluster; a Cluster without one has no database
     */
    CnpgOperator(ClusterObjects objects, Duration delay, Map<String, CnpgInstance> instances) {
        this.objects = objects;
        this.delay = delay;
        this.instances = instances;
    }

    private static final class Memory {
        final Map<String, String> applied = new HashMap<>();
        @Nullable String pending;
        Instant due = Instant.MIN;
        @Nullable String done;
    }

    void phase(String cluster, String phase) {
        phases.put(cluster, phase);
    }

    void restartInstance(String cluster) {
        memories.remove(cluster);
    }

    @Override
    public boolean reconcile(Instant now) {
        boolean waiting = false;
        for (GenericKubernetesResource cluster : objects.list(Kind.CNPG_CLUSTER)) {
            String name = cluster.getMetadata().getName();
            Memory memory = memories.computeIfAbsent(name, n -> new Memory());
            String seen = fingerprint(cluster);
            if (!seen.equals(memory.pending)) {
                memory.pending = seen;
                memory.due = now.plus(delay);
            }
            if (!seen.equals(memory.done) && !now.isBefore(memory.due)) {
                credentials(cluster, memory);
                memory.done = fingerprint(cluster);
                memory.pending = memory.done;
            }
            waiting |= !Objects.equals(memory.pending, memory.done);
            report(cluster);
        }
        return waiting;
    }

    private String fingerprint(GenericKubernetesResource cluster) {
        String name = cluster.getMetadata().getName();
        return isSuperuserEnabled(cluster)
                + version(cluster, name + "-superuser")
                + version(cluster, name + "-app");
    }

    private String version(GenericKubernetesResource cluster, String secret) {
        return secret(cluster, secret)
                .map(s -> " " + s.getMetadata().getResourceVersion())
                .orElse(" none");
    }

    private Optional<Secret> secret(GenericKubernetesResource cluster, String name) {
        return objects.find(Kind.SECRET, cluster.getMetadata().getNamespace(), name);
    }

    private static boolean isSuperuserEnabled(GenericKubernetesResource cluster) {
        return Boolean.TRUE.equals(cluster.get("spec", "enableSuperuserAccess"));
    }

    private void credentials(GenericKubernetesResource cluster, Memory memory) {
        String name = cluster.getMetadata().getName();
        @Nullable CnpgInstance instance = instances.get(name);
        if (isSuperuserEnabled(cluster)) {
            objects.create(
                    CnpgSecrets.of(
                            cluster.getMetadata().getNamespace(),
                            name,
                            "superuser",
                            "postgres",
                            ApiStore.newUid(),
                            "*"));
            apply(cluster, name + "-superuser", "postgres", memory);
        } else {
            secret(cluster, name + "-superuser").ifPresent(objects::delete);
            memory.applied.remove(name + "-superuser");
            if (instance != null) {
                instance.clearPassword("postgres");
            }
        }
        String owner = Objects.toString(cluster.get("spec", "bootstrap", "initdb", "owner"), "app");
        apply(cluster, name + "-app", owner, memory);
    }

    private void apply(
            GenericKubernetesResource cluster, String secretName, String role, Memory memory) {
        @Nullable CnpgInstance instance = instances.get(cluster.getMetadata().getName());
        Optional<Secret> secret = secret(cluster, secretName);
        if (instance == null || secret.isEmpty()) {
            return;
        }
        String version = secret.get().getMetadata().getResourceVersion();
        @Nullable String password = PodEnvironment.decoded(secret.get()).get("password");
        if (password != null && !version.equals(memory.applied.get(secretName))) {
            instance.setPassword(role, password);
            memory.applied.put(secretName, version);
        }
    }

    private void report(GenericKubernetesResource cluster) {
        String name = cluster.getMetadata().getName();
        String phase = phases.getOrDefault(name, CnpgStatus.HEALTHY);
        Map<String, Object> status = CnpgStatus.of(cluster, phase);
        if (!status.equals(cluster.get("status"))) {
            cluster.setAdditionalProperty("status", status);
            objects.updateStatus(cluster);
        }
    }
}
