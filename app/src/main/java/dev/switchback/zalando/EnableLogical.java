package dev.switchback.zalando;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code wal_level} of a source, through {@code spec.postgresql.parameters}. The operator passes it
 * on to Patroni and restarts PostgreSQL where Patroni says that a restart is pending: replicas
 * first, the leader last, some seconds each, no failover (facts/operators.md §2.9,
 * facts/patroni-lab.md §6). A parameter that is removed from the object stays as it was in Patroni,
 * so going back means saying the old value.
 */
public final class EnableLogical {
    private static final int TRIES = 10;
    private static final String PARAMETER = "wal_level";
    private static final String LOGICAL = "logical";

    /** As the object says it; empty when it does not. */
    private static final String WRITTEN = "walLevel.object";

    /** As the leader's server says it. */
    private static final String SERVED = "walLevel.server";

    private static final String PARAMETERS = "parameters";

    private final Kube kube;
    private final String namespace;
    private final String cluster;

    EnableLogical(Kube kube, String namespace, String cluster) {
        this.kube = kube;
        this.namespace = namespace;
        this.cluster = cluster;
    }

    /**
     * What undo needs.
     *
     * @param served {@code SHOW wal_level} on the leader
     */
    public Map<String, String> capture(String served) {
        JsonNode parameters = parameters(PostgresqlPatch.object(kube, namespace, cluster));
        Map<String, String> found = new LinkedHashMap<>();
        found.put(WRITTEN, parameters.path(PARAMETER).asText(""));
        found.put(SERVED, served);
        found.put(PARAMETERS, parameters.isObject() ? "present" : "");
        return found;
    }

    /**
     * What the object asks for, when that is something else than {@code logical}; a cluster whose
     * server is logical by Patroni's settings alone says nothing here.
     */
    public Optional<String> contrary() {
        String written =
                parameters(PostgresqlPatch.object(kube, namespace, cluster))
                        .path(PARAMETER)
                        .asText("");
        return written.isEmpty() || written.equals(LOGICAL)
                ? Optional.empty()
                : Optional.of(written);
    }

    /** Asks the operator for it; idempotent. */
    public void enable() {
        write(LOGICAL);
    }

    /** The value that {@link #disable} brings back. */
    public static String before(Map<String, String> captured) {
        String written = captured.getOrDefault(WRITTEN, "");
        return written.isEmpty() ? captured.getOrDefault(SERVED, "") : written;
    }

    /** Asks for the old value; the operator restarts PostgreSQL once more. */
    public void disable(Map<String, String> captured) {
        write(before(captured));
    }

    /**
     * Once the servers run with the old value: removes it from the object where it was not there.
     */
    public void forget(Map<String, String> captured) {
        if (!captured.getOrDefault(WRITTEN, "").isEmpty()) {
            return;
        }
        PostgresqlPatch.apply(
                kube,
                namespace,
                cluster,
                TRIES,
                object -> {
                    JsonNode parameters = parameters(object);
                    if (!parameters.has(PARAMETER)) {
                        return Optional.empty();
                    }
                    ObjectNode patch = JsonNodeFactory.instance.objectNode();
                    ObjectNode postgresql = patch.putObject("spec").putObject("postgresql");
                    if (parameters.size() == 1 && captured.getOrDefault(PARAMETERS, "").isEmpty()) {
                        postgresql.putNull("parameters");
                    } else {
                        postgresql.putObject("parameters").putNull(PARAMETER);
                    }
                    return Optional.of(patch);
                });
    }

    /**
     * What is not as it was before {@link #enable}; empty when everything is, or nothing was
     * changed.
     *
     * @param served {@code SHOW wal_level} on the leader
     */
    public Optional<String> notBack(Map<String, String> captured, String served) {
        String before = before(captured);
        if (before.isEmpty() || before.equals(LOGICAL)) {
            return Optional.empty();
        }
        if (!served.equals(before)) {
            return Optional.of("wal_level is " + served + ", it was " + before);
        }
        String written =
                parameters(PostgresqlPatch.object(kube, namespace, cluster))
                        .path(PARAMETER)
                        .asText("");
        return written.equals(captured.getOrDefault(WRITTEN, ""))
                ? Optional.empty()
                : Optional.of("wal_level is " + written + " in the postgresql object");
    }

    private void write(String value) {
        PostgresqlPatch.apply(
                kube,
                namespace,
                cluster,
                TRIES,
                object -> {
                    if (parameters(object).path(PARAMETER).asText("").equals(value)) {
                        return Optional.empty();
                    }
                    ObjectNode patch = JsonNodeFactory.instance.objectNode();
                    patch.putObject("spec")
                            .putObject("postgresql")
                            .putObject("parameters")
                            .put(PARAMETER, value);
                    return Optional.of(patch);
                });
    }

    private static JsonNode parameters(KubeObject object) {
        return object.spec().path("postgresql").path("parameters");
    }
}
