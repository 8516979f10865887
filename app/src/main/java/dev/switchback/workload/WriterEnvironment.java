package dev.switchback.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Migration.WriterRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The environment a writer's next pod will start with, resolved the way the kubelet does: {@code
 * envFrom} in order, then {@code env}; all containers together, since any of them may talk to the
 * database.
 */
public final class WriterEnvironment {
    private static final List<String> USER_KEYS =
            List.of("DB_USER", "DB_USERNAME", "DATABASE_USER", "PGUSER", "POSTGRES_USER");
    private static final List<String> PASSWORD_KEYS =
            List.of(
                    "DB_PASS",
                    "DB_PASSWORD",
                    "DATABASE_PASSWORD",
                    "PGPASSWORD",
                    "POSTGRES_PASSWORD");
    private static final List<String> DATABASE_KEYS =
            List.of("DB_NAME", "DB_DATABASE", "DATABASE_NAME", "PGDATABASE", "POSTGRES_DB");

    private final Kube kube;
    private final EndpointNames names;

    private final @Nullable Map<String, Optional<KubeObject>> remembered;

    public WriterEnvironment(Kube kube, EndpointNames names) {
        this(kube, names, null);
    }

    private WriterEnvironment(
            Kube kube,
            EndpointNames names,
            @Nullable Map<String, Optional<KubeObject>> remembered) {
        this.kube = kube;
        this.names = names;
        this.remembered = remembered;
    }

    /** The same, asking for each ConfigMap and Secret once: for one look at many workloads. */
    static WriterEnvironment remembering(Kube kube, EndpointNames names) {
        return new WriterEnvironment(kube, names, new ConcurrentHashMap<>());
    }

    /** How a writer would log in: one entry for each host that its environment names. */
    public record Login(
            String variable,
            String host,
            Optional<String> user,
            Optional<Secret> password,
            Optional<String> database) {}

    /** The variables of a writer, resolved now. */
    public Map<String, Secret> of(WriterRef ref, KubeObject object) {
        JsonNode pod =
                ref.kind() == WriterRef.Kind.CRONJOB
                        ? object.spec()
                                .path("jobTemplate")
                                .path("spec")
                                .path("template")
                                .path("spec")
                        : object.spec().path("template").path("spec");
        return of(ref.namespace(), pod.path("containers"));
    }

    /** The variables of these containers of a pod, resolved now. */
    Map<String, Secret> of(String namespace, JsonNode containers) {
        Map<String, Secret> env = new LinkedHashMap<>();
        for (JsonNode container : containers) {
            for (JsonNode from : container.path("envFrom")) {
                String prefix = from.path("prefix").asText("");
                values(namespace, from.path("configMapRef"), Kind.CONFIG_MAP)
                        .forEach((key, value) -> env.put(prefix + key, value));
                values(namespace, from.path("secretRef"), Kind.SECRET)
                        .forEach((key, value) -> env.put(prefix + key, value));
            }
            for (JsonNode variable : container.path("env")) {
                resolve(namespace, variable)
                        .ifPresent(v -> env.put(variable.path("name").asText(), v));
            }
        }
        return env;
    }

    /**
     * The logins that variables of this environment describe; hosts are old or new Service names.
     */
    public List<Login> logins(Map<String, Secret> env) {
        Optional<Secret> user = first(env, USER_KEYS);
        Optional<Secret> password = first(env, PASSWORD_KEYS);
        Optional<Secret> database = first(env, DATABASE_KEYS);
        return env.entrySet().stream()
                .filter(e ->
                        !names.namesIn(e.getValue().reveal()).isEmpty()
                                || names.namesTarget(e.getValue().reveal()))
                .map(e -> login(e.getKey(), e.getValue(), user, password, database))
                .toList();
    }

    private static Login login(
            String variable,
            Secret value,
            Optional<Secret> user,
            Optional<Secret> password,
            Optional<Secret> database) {
        Optional<DatabaseUrl> url = DatabaseUrl.parse(value.reveal());
        return url.map(u -> new Login(variable, u.host(), u.user(), u.password(), u.database()))
                .orElseGet(() ->
                        new Login(
                                variable,
                                value.reveal().replaceFirst(":\\d+$", ""),
                                user.map(Secret::reveal),
                                password,
                                database.map(Secret::reveal)));
    }

    private static Optional<Secret> first(Map<String, Secret> env, List<String> keys) {
        return keys.stream().filter(env::containsKey).findFirst().map(env::get);
    }

    private Optional<Secret> resolve(String namespace, JsonNode variable) {
        if (variable.hasNonNull("value")) {
            return Optional.of(Secret.of(variable.path("value").asText()));
        }
        JsonNode from = variable.path("valueFrom");
        for (Map.Entry<String, Kind> reference :
                Map.of("configMapKeyRef", Kind.CONFIG_MAP, "secretKeyRef", Kind.SECRET)
                        .entrySet()) {
            JsonNode ref = from.path(reference.getKey());
            if (!ref.isMissingNode()) {
                return Optional.ofNullable(
                        values(namespace, ref, reference.getValue()).get(ref.path("key").asText()));
            }
        }
        return Optional.empty();
    }

    private Map<String, Secret> values(String namespace, JsonNode ref, Kind kind) {
        return values(namespace, ref.path("name").asText(""), kind);
    }

    /** Every value of a ConfigMap or Secret; none when it is not there. */
    Map<String, Secret> values(String namespace, String name, Kind kind) {
        if (name.isEmpty()) {
            return Map.of();
        }
        Optional<KubeObject> object =
                remembered == null
                        ? kube.get(kind, namespace, name)
                        : remembered.computeIfAbsent(
                                kind + "/" + namespace + "/" + name,
                                key -> kube.get(kind, namespace, name));
        if (object.isEmpty()) {
            return Map.of();
        }
        Map<String, Secret> values = new LinkedHashMap<>();
        object.get()
                .data()
                .forEach((key, value) -> {
                    if (kind == Kind.SECRET) {
                        object.get().secret(key).ifPresent(decoded -> values.put(key, decoded));
                    } else {
                        values.put(key, Secret.of(value));
                    }
                });
        return values;
    }
}
