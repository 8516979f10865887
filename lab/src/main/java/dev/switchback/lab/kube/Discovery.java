package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What the API says about itself: version, groups, and the custom resources that are installed. */
final class Discovery {
    private static final List<String> BUILT_IN =
            List.of(
                    "apps",
                    "batch",
                    "authorization.k8s.io",
                    "coordination.k8s.io",
                    "events.k8s.io",
                    "rbac.authorization.k8s.io");

    private final Set<String> customGroups = new ConcurrentSkipListSet<>(Kind.CUSTOM_GROUPS);

    /** As if an operator had never been installed: its resources are not found. */
    void uninstall(String group) {
        customGroups.remove(group);
    }

    boolean serves(ApiPath path) {
        return !Kind.CUSTOM_GROUPS.contains(path.group()) || customGroups.contains(path.group());
    }

    /** The answer to a path that addresses no resource. */
    Answer answer(String uri) {
        String path = uri.replaceFirst("[?].*", "").replaceFirst("/$", "");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        switch (path) {
            case "/version" ->
                    body.put("major", "1").put("minor", "33").put("gitVersion", "v1.33.4");
            case "/healthz", "/livez", "/readyz" -> body.put("status", "ok");
            case "/api" -> {
                body.put("kind", "APIVersions").putArray("versions").add("v1");
            }
            case "/apis" -> {
                body.put("kind", "APIGroupList").put("apiVersion", "v1");
                ArrayNode groups = body.putArray("groups");
                BUILT_IN.forEach(group -> group(groups, group));
                customGroups.forEach(group -> group(groups, group));
            }
            default -> {
                return resources(path, body);
            }
        }
        return new Answer(200, body);
    }

    private static void group(ArrayNode groups, String name) {
        ObjectNode group = groups.addObject().put("name", name);
        version(group.putArray("versions").addObject(), name);
        version(group.putObject("preferredVersion"), name);
    }

    private static void version(JsonNode version, String group) {
        ((ObjectNode) version).put("groupVersion", group + "/v1").put("version", "v1");
    }

    private Answer resources(String path, ObjectNode body) {
        String groupVersion = path.replaceFirst("^/apis/", "").replaceFirst("^/api/", "");
        String group = groupVersion.replaceFirst("/?v1$", "");
        if (!groupVersion.endsWith("v1")
                || !(group.isEmpty() || BUILT_IN.contains(group) || customGroups.contains(group))) {
            return Answer.failure(
                    404, "NotFound", "the server could not find the requested resource");
        }
        body.put("kind", "APIResourceList").put("apiVersion", "v1");
        body.put("groupVersion", groupVersion);
        ArrayNode resources = body.putArray("resources");
        for (Map.Entry<String, String> custom : Kind.CUSTOM.entrySet()) {
            if (custom.getKey().startsWith(group + "/")) {
                ObjectNode resource = resources.addObject();
                resource.put("name", custom.getValue()).put("namespaced", true);
                resource.put("kind", custom.getKey().substring(group.length() + 1));
                ArrayNode verbs = resource.putArray("verbs");
                List.of("get", "list", "watch", "create", "update", "patch", "delete")
                        .forEach(verbs::add);
            }
        }
        return new Answer(200, body);
    }
}
