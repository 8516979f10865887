package dev.switchback.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.pg.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An object as the API server gave it. */
public record KubeObject(Kind kind, JsonNode json) {

    public String name() {
        return json.path("metadata").path("name").asText();
    }

    public String namespace() {
        return json.path("metadata").path("namespace").asText();
    }

    public String resourceVersion() {
        return json.path("metadata").path("resourceVersion").asText();
    }

    public JsonNode spec() {
        return json.path("spec");
    }

    public JsonNode status() {
        return json.path("status");
    }

    /** {@code namespace/name}, for messages. */
    public String display() {
        return namespace() + "/" + name();
    }

    public Optional<String> label(String key) {
        return text(json.path("metadata").path("labels").path(key));
    }

    /** Whether a pod says that it serves. */
    public boolean isReady() {
        for (JsonNode condition : status().path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    public Optional<String> annotation(String key) {
        return text(json.path("metadata").path("annotations").path(key));
    }

    /** {@code Kind/name} of the objects it belongs to. */
    public List<String> owners() {
        List<String> owners = new ArrayList<>();
        for (JsonNode owner : json.path("metadata").path("ownerReferences")) {
            owners.add(owner.path("kind").asText() + "/" + owner.path("name").asText());
        }
        return owners;
    }

    /** The {@code data} of a ConfigMap. */
    public Map<String, String> data() {
        Map<String, String> data = new LinkedHashMap<>();
        json.path("data").properties().forEach(e -> data.put(e.getKey(), e.getValue().asText()));
        return data;
    }

    /** A decoded value of a Secret. */
    public Optional<Secret> secret(String key) {
        return text(json.path("data").path(key))
                .map(v ->
                        Secret.of(
                                new String(Base64.getDecoder().decode(v), StandardCharsets.UTF_8)));
    }

    static Optional<String> text(JsonNode node) {
        return node.isMissingNode() || node.isNull()
                ? Optional.empty()
                : Optional.of(node.asText());
    }

    @Override
    public String toString() {
        // never the content: a Secret's data must not reach a log by accident
        return kind.kind() + " " + display();
    }
}
