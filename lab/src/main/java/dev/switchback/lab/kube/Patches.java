package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The patch formats of the API. Server-side apply is a merge here, without field ownership: what a
 * manager leaves out of a later apply stays.
 */
final class Patches {
    static final String APPLY = "application/apply-patch+yaml";
    private static final String JSON = "application/json-patch+json";
    private static final String MERGE = "application/merge-patch+json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";

    /** Which member names the elements of a list that strategic merge joins by key. */
    private static final Map<String, String> MERGE_KEYS =
            Map.of(
                    "containers", "name",
                    "initContainers", "name",
                    "env", "name",
                    "volumes", "name",
                    "volumeMounts", "mountPath",
                    "ports", "containerPort",
                    "conditions", "type",
                    "ownerReferences", "uid",
                    "imagePullSecrets", "name");

    private Patches() {}

    /**
     * The object after the patch; {@code current} is not changed.
     *
     * @throws IllegalArgumentException when the patch does not fit, with the reason
     */
    static ObjectNode apply(String contentType, JsonNode current, String body, boolean custom) {
        JsonNode patch = read(body);
        JsonNode next =
                switch (contentType) {
                    case JSON -> json(patch, current);
                    case MERGE -> merge(current.deepCopy(), patch, false);
                    case APPLY -> merge(current.deepCopy(), patch, !custom);
                    case STRATEGIC -> {
                        if (custom) {
                            throw new UnsupportedOperationException(
                                    "strategic merge patch is not supported for custom resources");
                        }
                        yield merge(current.deepCopy(), patch, true);
                    }
                    default ->
                            throw new UnsupportedOperationException(
                                    "unsupported media type " + contentType);
                };
        if (next instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("the patch does not leave an object");
    }

    /** JSON, or YAML, which JSON is a part of. */
    static JsonNode read(String body) {
        if (body.isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return Serialization.unmarshal(body, JsonNode.class);
        } catch (KubernetesClientException e) {
            throw new IllegalArgumentException("unreadable body: " + e.getMessage(), e);
        }
    }

    private static JsonNode json(JsonNode patch, JsonNode current) {
        try {
            return JsonPatch.apply(patch, current.deepCopy());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "the server rejected our request due to an error in our request: " + e, e);
        }
    }

    private static JsonNode merge(@Nullable JsonNode target, JsonNode patch, boolean strategic) {
        if (!(patch instanceof ObjectNode members)) {
            return patch;
        }
        ObjectNode merged =
                target instanceof ObjectNode object
                        ? object
                        : JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (name.startsWith("$")) {
                continue; // directives such as $setElementOrder steer order only
            }
            @Nullable String key = strategic ? MERGE_KEYS.get(name) : null;
            if (value.isNull()) {
                merged.remove(name);
            } else if (key != null && value instanceof ArrayNode elements) {
                merged.set(name, joined(merged.get(name), elements, key));
            } else {
                merged.set(name, merge(merged.get(name), value, strategic));
            }
        }
        return merged;
    }

    private static ArrayNode joined(@Nullable JsonNode target, ArrayNode elements, String key) {
        ArrayNode list =
                target instanceof ArrayNode array ? array : JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : elements) {
            List<Integer> found =
                    java.util.stream.IntStream.range(0, list.size())
                            .filter(i -> list.get(i).path(key).equals(element.path(key)))
                            .boxed()
                            .toList();
            if ("delete".equals(element.path("$patch").asText())) {
                found.reversed().forEach(i -> list.remove(i.intValue()));
            } else if (found.isEmpty()) {
                list.add(element);
            } else {
                list.set(found.getFirst(), merge(list.get(found.getFirst()), element, true));
            }
        }
        return list;
    }
}
