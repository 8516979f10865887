package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a container gets at its start: variables and mounted Secrets. */
final class PodEnvironment {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    private final ClusterObjects objects;
    private final String namespace;

    PodEnvironment(ClusterObjects objects, String namespace) {
        this.objects = objects;
        this.namespace = namespace;
    }

    /** A reference to something that is not there: the kubelet keeps the pod waiting for it. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1L;

        Missing(String what) {
            super(what);
        }
    }

    Map<String, String> variables(Pod pod) throws Missing {
        Container container = pod.getSpec().getContainers().getFirst();
        Map<String, String> env = new LinkedHashMap<>();
        for (EnvFromSource source : container.getEnvFrom()) {
            String prefix = Objects.requireNonNullElse(source.getPrefix(), "");
            for (Map.Entry<String, String> entry : everything(source).entrySet()) {
                env.put(prefix + entry.getKey(), entry.getValue());
            }
        }
        for (EnvVar variable : container.getEnv()) {
            @Nullable EnvVarSource source = variable.getValueFrom();
            if (source == null) {
                String value = Objects.requireNonNullElse(variable.getValue(), "");
                env.put(variable.getName(), expanded(value, env));
            } else {
                one(source).ifPresent(value -> env.put(variable.getName(), value));
            }
        }
        return env;
    }

    /** By name of the Secret, then of the file. */
    Map<String, Map<String, String>> secretFiles(Pod pod) throws Missing {
        Map<String, Map<String, String>> files = new LinkedHashMap<>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            var source = volume.getSecret();
            if (source != null) {
                String name = source.getSecretName();
                files.put(name, found(secret(name), isTrue(source.getOptional()), "secret", name));
            }
        }
        return files;
    }

    private Map<String, String> everything(EnvFromSource source) throws Missing {
        var map = source.getConfigMapRef();
        if (map != null) {
            String name = map.getName();
            return found(configMap(name), isTrue(map.getOptional()), "configmap", name);
        }
        var secret = source.getSecretRef();
        String name = secret.getName();
        return found(secret(name), isTrue(secret.getOptional()), "secret", name);
    }

    private Optional<String> one(EnvVarSource source) throws Missing {
        var map = source.getConfigMapKeyRef();
        if (map != null) {
            return key(configMap(map.getName()), map.getKey(), isTrue(map.getOptional()));
        }
        var secret = source.getSecretKeyRef();
        if (secret != null) {
            return key(secret(secret.getName()), secret.getKey(), isTrue(secret.getOptional()));
        }
        return Optional.empty(); // fields of the pod itself do not matter here
    }

    private static Optional<String> key(
            Optional<Map<String, String>> data, String key, boolean optional) throws Missing {
        Optional<String> value = data.flatMap(d -> Optional.ofNullable(d.get(key)));
        if (value.isEmpty() && !optional) {
            throw new Missing("couldn't find key " + key);
        }
        return value;
    }

    private static Map<String, String> found(
            Optional<Map<String, String>> data, boolean optional, String kind, String name)
            throws Missing {
        if (data.isEmpty() && !optional) {
            throw new Missing("%s \"%s\" not found".formatted(kind, name));
        }
        return data.orElse(Map.of());
    }

    private Optional<Map<String, String>> configMap(String name) {
        return objects.find(Kind.CONFIG_MAP, namespace, name).map(ConfigMap::getData);
    }

    private Optional<Map<String, String>> secret(String name) {
        return objects.find(Kind.SECRET, namespace, name).map(PodEnvironment::decoded);
    }

    /** The values of a Secret in clear text. */
    static Map<String, String> decoded(Secret secret) {
        Map<String, String> data = new LinkedHashMap<>();
        Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
                .forEach((key, value) ->
                        data.put(
                                key,
                                new String(
                                        Base64.getDecoder().decode(value),
                                        StandardCharsets.UTF_8)));
        return data;
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }

    /** {@code $(NAME)} in a value stands for a variable defined before it. */
    private static String expanded(String value, Map<String, String> env) {
        return REFERENCE
                .matcher(value)
                .replaceAll(match ->
                        Matcher.quoteReplacement(env.getOrDefault(match.group(1), match.group())));
    }

    /** Kind and name of the workload a pod belongs to, as in {@code deployment/mastodon-web}. */
    static String owner(ClusterObjects objects, Pod pod) {
        HasMetadata object = pod;
        while (true) {
            var owners = object.getMetadata().getOwnerReferences();
            if (owners.isEmpty()) {
                return object.getKind().toLowerCase(java.util.Locale.ROOT)
                        + "/"
                        + object.getMetadata().getName();
            }
            var owner = owners.getFirst();
            Optional<? extends HasMetadata> set =
                    owner.getKind().equals("ReplicaSet")
                            ? objects.find(
                                    Kind.REPLICA_SET,
                                    pod.getMetadata().getNamespace(),
                                    owner.getName())
                            : Optional.empty();
            if (set.isEmpty()) {
                return owner.getKind().toLowerCase(java.util.Locale.ROOT) + "/" + owner.getName();
            }
            object = set.get();
        }
    }
}
