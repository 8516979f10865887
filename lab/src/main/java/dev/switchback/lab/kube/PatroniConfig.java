package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Endpoints;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Patroni's dynamic configuration where it keeps it in Kubernetes: JSON in annotation {@code
 * config} of Endpoints {@code <cluster>-config}.
 */
final class PatroniConfig {
    private static final String ANNOTATION = "config";

    private final ClusterObjects objects;
    private final String namespace;
    private final String name;

    PatroniConfig(ClusterObjects objects, String namespace, String cluster) {
        this.objects = objects;
        this.namespace = namespace;
        this.name = cluster + "-config";
    }

    /** As stored, byte for byte; empty when there is none. */
    Optional<String> text() {
        return object().map(e -> e.getMetadata().getAnnotations().get(ANNOTATION));
    }

    /** Empty when there is none. */
    Optional<ObjectNode> read() {
        return text().map(PatroniConfig::parse);
    }

    /**
     * What {@code PATCH /config} does: maps merge, lists and values replace, null removes. False
     * when there is no configuration, or when somebody else wrote at the same time.
     */
    boolean patch(ObjectNode patch) {
        Optional<Endpoints> found = object();
        if (found.isEmpty()) {
            return false;
        }
        Endpoints object = found.get();
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        ObjectNode config = parse(annotations.getOrDefault(ANNOTATION, "{}"));
        merge(config, patch);
        annotations.put(ANNOTATION, config.toString());
        return objects.update(object);
    }

    /** Parameters of PostgreSQL as text. */
    static Map<String, String> parameters(JsonNode config) {
        Map<String, String> parameters = new LinkedHashMap<>();
        config.path("postgresql")
                .path("parameters")
                .properties()
                .forEach(e -> parameters.put(e.getKey(), e.getValue().asText()));
        return parameters;
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            if (entry.getValue().isNull()) {
                into.remove(entry.getKey());
            } else if (entry.getValue() instanceof ObjectNode deeper) {
                merge(into.withObject("/" + escaped(entry.getKey())), deeper);
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        }
    }

    /** As a part of a JSON pointer. */
    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static ObjectNode parse(String text) {
        return (ObjectNode) Patches.read(text);
    }

    private Optional<Endpoints> object() {
        return objects.find(Kind.ENDPOINTS, namespace, name)
                .filter(e -> e.getMetadata().getAnnotations() != null)
                .filter(e -> e.getMetadata().getAnnotations().containsKey(ANNOTATION));
    }
}
