package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * As much of OpenAPI v3 as kubectl reads before it applies something: that each kind can be patched
 * with {@code fieldValidation}, so that it leaves validation to the server.
 */
final class OpenApi {
    private OpenApi() {}

    static void index(ObjectNode body, List<String> groupVersions) {
        ObjectNode paths = body.putObject("paths");
        for (String groupVersion : groupVersions) {
            paths.putObject(groupVersion)
                    .put("serverRelativeURL", "/openapi/v3/" + groupVersion + "?hash=lab");
        }
    }

    static void begin(ObjectNode body) {
        body.put("openapi", "3.0.0");
        body.putObject("info").put("title", "Kubernetes").put("version", "v1.33.4");
        body.putObject("paths");
    }

    /**
     * @param groupVersion as in paths: {@code apis/apps/v1}
     */
    static void patchable(
            ObjectNode body, String groupVersion, String group, String kind, String plural) {
        ObjectNode patch =
                body.withObject("/paths")
                        .putObject(
                                "/"
                                        + groupVersion
                                        + "/namespaces/{namespace}/"
                                        + plural
                                        + "/{name}")
                        .putObject("patch");
        for (String parameter : List.of("dryRun", "fieldManager", "fieldValidation", "force")) {
            patch.withArray("/parameters")
                    .addObject()
                    .put("name", parameter)
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string");
        }
        patch.putObject("responses").putObject("200").put("description", "OK");
        patch.putObject("x-kubernetes-group-version-kind")
                .put("group", group)
                .put("kind", kind)
                .put("version", "v1");
    }
}
