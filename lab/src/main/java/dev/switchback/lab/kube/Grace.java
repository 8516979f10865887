package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How long a pod that runs on a node may take to stop; other objects go at once. */
final class Grace {
    private static final long DEFAULT_SECONDS = 30;

    private Grace() {}

    /** In seconds; 0 for an object that nothing has to stop first. */
    static long of(ApiPath path, JsonNode options, ObjectNode object) {
        if (!path.resource().equals("pods") || object.at("/spec/nodeName").asText().isEmpty()) {
            return 0;
        }
        String asked = path.query().getOrDefault("gracePeriodSeconds", "");
        if (!asked.isEmpty()) {
            return Long.parseLong(asked);
        }
        return options.path("gracePeriodSeconds")
                .asLong(object.at("/spec/terminationGracePeriodSeconds").asLong(DEFAULT_SECONDS));
    }
}
