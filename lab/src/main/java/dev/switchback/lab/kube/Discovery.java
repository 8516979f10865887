package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What the API says about itself: version, groups, and the custom resources that are installed. */
final class Discovery {
    private static final List<String> BUILT_IN =
            List.of(
                    "apps",
                    "autoscaling",
                    "batch",
                    "authorization.k8s.io",
                    "coordination.k8s.io",
                    "events.k8s.io",
                    "rbac.authorization.k8s.io");

    /** Group and kind to plural of what every API server serves and kubectl asks for by name. */
    private static final Map<String, String> STANDARD =
            Map.of(
                    "/ConfigMap", "configmaps",
                    "/Secret", "secrets",
                    "/Service", "services",
                    "/Pod", "pods",
                    "apps/Deployment", "deployments",
                    "apps/StatefulSet", "statefulsets",
                    "batch/CronJob", "cronjobs",
                    "batch/Job", "jobs",
                    "coordination.k8s.io/Lease", "leases");

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
        STANDARD.forEach((kind, plural) -> resource(resources, group, kind, plural));
        Kind.CUSTOM.forEach((kind, plural) -> resource(resources, group, kind, plural));
        return new Answer(200, body);
    }

    private static void resource(ArrayNode resources, String group, String kind, String plural) {
        if (!kind.startsWith(group + "/")) {
            return;
        }
        String name = kind.substring(group.length() + 1);
        describe(
                resources, plural, name, "", "get", "list", "watch", "create", "update", "patch",
                "delete");
        if (name.equals("Deployment") || name.equals("StatefulSet")) {
            describe(
                    resources, plural + "/scale", "Scale", "autoscaling", "get", "update", "patch");
        }
    }

    private static void describe(
            ArrayNode resources, String plural, String kind, String group, String... verbs) {
        ObjectNode resource = resources.addObject().put("name", plural).put("namespaced", true);
        resource.put("singularName", plural.contains("/") ? "" : kind.toLowerCase(Locale.ROOT));
        resource.put("kind", kind);
        if (!group.isEmpty()) {
            resource.put("group", group).put("version", "v1");
        }
        ArrayNode allowed = resource.putArray("verbs");
        List.of(verbs).forEach(allowed::add);
    }
}
