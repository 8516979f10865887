package dev.switchback.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Migration.WriterRef;
import java.util.ArrayList;
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

    /**
     * One variable and where it comes from.
     *
     * @param from kind of the object that holds it; empty for a value in the writer itself
     * @param object its name
     * @param key its key there
     */
    public record Variable(
            String name, Secret value, Optional<Kind> from, String object, String key) {}

    /** The variables of a writer, resolved now. */
    public Map<String, Secret> of(WriterRef ref, KubeObject object) {
        return of(ref.namespace(), containers(ref, object));
    }

    /** The variables of one pod, resolved now. */
    public Map<String, Secret> ofPod(KubeObject pod) {
        return of(pod.namespace(), pod.spec().path("containers"));
    }

    /** The variables of these containers of a pod, resolved now. */
    Map<String, Secret> of(String namespace, JsonNode containers) {
        Map<String, Secret> env = new LinkedHashMap<>();
        variables(namespace, containers)
                .forEach((name, variable) -> env.put(name, variable.value()));
        return env;
    }

    /** The same with where each comes from. */
    public List<Variable> variables(WriterRef ref, KubeObject object) {
        return List.copyOf(variables(ref.namespace(), containers(ref, object)).values());
    }

    private static JsonNode containers(WriterRef ref, KubeObject object) {
        JsonNode pod =
                ref.kind() == WriterRef.Kind.CRONJOB
                        ? object.spec()
                                .path("jobTemplate")
                                .path("spec")
                                .path("template")
                                .path("spec")
                        : object.spec().path("template").path("spec");
        return pod.path("containers");
    }

    private Map<String, Variable> variables(String namespace, JsonNode containers) {
        Map<String, Variable> env = new LinkedHashMap<>();
        for (JsonNode container : containers) {
            for (JsonNode from : container.path("envFrom")) {
                String prefix = from.path("prefix").asText("");
                wholeMap(namespace, from.path("configMapRef"), Kind.CONFIG_MAP, prefix, env);
                wholeMap(namespace, from.path("secretRef"), Kind.SECRET, prefix, env);
            }
            for (JsonNode variable : container.path("env")) {
                resolve(namespace, variable).ifPresent(v -> env.put(v.name(), v));
            }
        }
        return env;
    }

    private void wholeMap(
            String namespace, JsonNode ref, Kind kind, String prefix, Map<String, Variable> env) {
        values(namespace, ref, kind)
                .forEach((key, value) ->
                        env.put(
                                prefix + key,
                                new Variable(
                                        prefix + key,
                                        value,
                                        Optional.of(kind),
                                        ref.path("name").asText(),
                                        key)));
    }

    /**
     * References of a writer to ConfigMaps, Secrets and keys that are not there: its next pod would
     * not start. Optional ones are none.
     */
    public List<String> unresolved(WriterRef ref, KubeObject object) {
        List<String> missing = new ArrayList<>();
        for (JsonNode container : containers(ref, object)) {
            for (JsonNode from : container.path("envFrom")) {
                missing(ref, from.path("configMapRef"), Kind.CONFIG_MAP, missing);
                missing(ref, from.path("secretRef"), Kind.SECRET, missing);
            }
            for (JsonNode variable : container.path("env")) {
                JsonNode from = variable.path("valueFrom");
                missing(ref, from.path("configMapKeyRef"), Kind.CONFIG_MAP, missing);
                missing(ref, from.path("secretKeyRef"), Kind.SECRET, missing);
            }
        }
        return missing;
    }

    private void missing(WriterRef writer, JsonNode ref, Kind kind, List<String> missing) {
        String name = ref.path("name").asText("");
        if (name.isEmpty() || ref.path("optional").asBoolean(false)) {
            return;
        }
        String key = ref.path("key").asText("");
        Optional<KubeObject> object = kube.get(kind, writer.namespace(), name);
        if (object.isEmpty()) {
            missing.add("there is no " + kind.kind() + " '" + name + "'");
        } else if (!key.isEmpty() && !object.get().data().containsKey(key)) {
            missing.add(kind.kind() + " '" + name + "' has no key '" + key + "'");
        }
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

    private Optional<Variable> resolve(String namespace, JsonNode variable) {
        String name = variable.path("name").asText();
        if (variable.hasNonNull("value")) {
            Secret value = Secret.of(variable.path("value").asText());
            return Optional.of(new Variable(name, value, Optional.empty(), "", ""));
        }
        JsonNode from = variable.path("valueFrom");
        for (Map.Entry<String, Kind> reference :
                Map.of("configMapKeyRef", Kind.CONFIG_MAP, "secretKeyRef", Kind.SECRET)
                        .entrySet()) {
            JsonNode ref = from.path(reference.getKey());
            if (!ref.isMissingNode()) {
                String key = ref.path("key").asText();
                String object = ref.path("name").asText();
                return Optional.ofNullable(values(namespace, ref, reference.getValue()).get(key))
                        .map(value ->
                                new Variable(
                                        name,
                                        value,
                                        Optional.of(reference.getValue()),
                                        object,
                                        key));
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
