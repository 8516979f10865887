package dev.switchback.store.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Names and labels of the objects that one migration keeps in its namespace. */
final class ObjectNames {
    private ObjectNames() {}

    static String journal(String migration) {
        return "switchback-" + migration;
    }

    static String captured(String migration) {
        return "switchback-" + migration + "-captured";
    }

    static String lease(String migration) {
        return "switchback-" + migration;
    }

    static ObjectNode labelled(String name, String migration) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", name);
        metadata.putObject("labels")
                .put("app.kubernetes.io/name", "switchback")
                .put("app.kubernetes.io/instance", migration)
                .put("app.kubernetes.io/managed-by", "switchback");
        return object;
    }
}
