package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;

/** The scale subresource: a view of a workload, not an object of its own. */
final class Scale {
    private Scale() {}

    static boolean requested(ApiPath path) {
        return path.subresource().equals("scale");
    }

    static ObjectNode of(ObjectNode workload) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String member :
                new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            metadata.set(member, workload.path("metadata").path(member));
        }
        scale.putObject("spec").put("replicas", workload.at("/spec/replicas").asInt(1));
        scale.putObject("status")
                .put("replicas", workload.at("/status/replicas").asInt(0))
                .put(
                        "selector",
                        workload.at("/spec/selector/matchLabels").properties().stream()
                                .map(label -> label.getKey() + "=" + label.getValue().asText())
                                .collect(Collectors.joining(",")));
        return scale;
    }

    /** The workload with the replicas of the scale; the scale's resourceVersion is the wish. */
    static ObjectNode onto(ObjectNode workload, JsonNode scale) {
        ObjectNode next = workload.deepCopy();
        next.withObject("/spec").put("replicas", scale.at("/spec/replicas").asInt(0));
        ObjectNode metadata = next.withObject("/metadata");
        JsonNode version = scale.at("/metadata/resourceVersion");
        if (version.isMissingNode() || version.isNull()) {
            metadata.remove("resourceVersion");
        } else {
            metadata.set("resourceVersion", version);
        }
        return next;
    }
}
