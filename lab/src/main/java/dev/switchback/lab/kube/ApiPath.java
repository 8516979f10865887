package dev.switchback.lab.kube;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request's path addresses.
 *
 * @param group empty for the core group
 * @param namespace empty for the cluster scope and for requests across namespaces
 * @param resource the plural, as in {@code deployments}
 * @param name empty for a collection
 * @param subresource as in {@code scale}; empty for the object itself
 */
record ApiPath(
        String group,
        String version,
        String namespace,
        String resource,
        String name,
        String subresource,
        Map<String, String> query) {

    static Optional<ApiPath> parse(String uri) {
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        List<String> parts =
                Arrays.stream(path.split("/", -1))
                        .filter(part -> !part.isEmpty())
                        .map(ApiPath::decoded)
                        .toList();
        int prefix = parts.isEmpty() ? 0 : parts.getFirst().equals("api") ? 2 : 3;
        if (parts.size() <= prefix || !Set.of("api", "apis").contains(parts.getFirst())) {
            return Optional.empty();
        }
        String group = prefix == 2 ? "" : parts.get(1);
        List<String> rest = parts.subList(prefix, parts.size());
        String namespace = "";
        if (rest.size() > 2
                && rest.getFirst().equals("namespaces")
                && !Set.of("status", "finalize").contains(rest.get(2))) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        return Optional.of(
                new ApiPath(
                        group,
                        parts.get(prefix - 1),
                        namespace,
                        rest.getFirst(),
                        rest.size() > 1 ? rest.get(1) : "",
                        rest.size() > 2 ? String.join("/", rest.subList(2, rest.size())) : "",
                        mark < 0 ? Map.of() : query(uri.substring(mark + 1))));
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(
                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The path of the collection, without query. */
    String collection() {
        return (group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version)
                + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
                + "/"
                + resource;
    }

    /** The path of the object itself, without subresource and query. */
    String item() {
        return collection() + "/" + name;
    }

    ApiPath named(String other) {
        return new ApiPath(group, version, namespace, resource, other, subresource, query);
    }

    ApiPath in(String otherNamespace) {
        return new ApiPath(group, version, otherNamespace, resource, name, subresource, query);
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As error messages name it: {@code deployments.apps}. */
    String qualifiedResource() {
        return group.isEmpty() ? resource : resource + "." + group;
    }

    boolean isDryRun() {
        return "All".equals(query.get("dryRun"));
    }

    boolean isWatch() {
        return "true".equals(query.get("watch")) || "1".equals(query.get("watch"));
    }

    boolean isReview() {
        return group.equals("authorization.k8s.io");
    }

    /** What the caller wants to do, in the words of a Role. */
    Attributes attributes(String method) {
        String verb =
                switch (method) {
                    case "GET" -> isWatch() ? "watch" : name.isEmpty() ? "list" : "get";
                    case "POST" -> "create";
                    case "PUT" -> "update";
                    case "PATCH" -> "patch";
                    case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
                    default -> method.toLowerCase(java.util.Locale.ROOT);
                };
        return new Attributes(
                verb,
                group,
                subresource.isEmpty() ? resource : resource + "/" + subresource,
                resource.equals("namespaces") && group.isEmpty() && namespace.isEmpty()
                        ? name
                        : namespace,
                name.isEmpty() ? nameInSelector() : name);
    }

    /** A list restricted to one name counts as a request for that name. */
    private String nameInSelector() {
        @Nullable String selector = query.get("fieldSelector");
        return selector != null && selector.startsWith("metadata.name=")
                ? selector.substring("metadata.name=".length())
                : "";
    }

    /** One request as the authorizer sees it. */
    record Attributes(String verb, String group, String resource, String namespace, String name) {}
}
