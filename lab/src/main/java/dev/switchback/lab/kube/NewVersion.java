package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** The next version of an object from the current one and what a caller asked for. */
final class NewVersion {
    private static final List<String> SERVER_OWNED =
            List.of(
                    "name",
                    "namespace",
                    "uid",
                    "creationTimestamp",
                    "generation",
                    "resourceVersion",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds");

    private NewVersion() {}

    static ObjectNode of(ApiPath path, ObjectNode current, ObjectNode asked) {
        if (path.subresource().equals("status")) {
            ObjectNode next = current.deepCopy();
            copy(asked, next, "status");
            return next;
        }
        ObjectNode next = asked.deepCopy();
        copy(current, next, "apiVersion");
        copy(current, next, "kind");
        ObjectNode metadata = next.withObject("/metadata");
        SERVER_OWNED.forEach(
                member -> copy((ObjectNode) current.path("metadata"), metadata, member));
        metadata.properties().removeIf(member -> member.getValue().isNull());
        if (Kind.WITH_STATUS.contains(path.resource())) {
            copy(current, next, "status");
        }
        NewObject.encodeStringData(next, path);
        if (NewObject.hasGeneration(path) && !content(next).equals(content(current))) {
            metadata.put("generation", metadata.path("generation").asLong(1) + 1);
        }
        return next;
    }

    private static ObjectNode content(ObjectNode object) {
        return object.deepCopy().without(Set.of("metadata", "status"));
    }

    private static void copy(ObjectNode from, ObjectNode to, String member) {
        JsonNode value = from.get(member);
        if (value == null || value.isNull()) {
            to.remove(member);
        } else {
            to.set(member, value.deepCopy());
        }
    }
}
