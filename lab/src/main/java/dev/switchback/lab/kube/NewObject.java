package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What the API server adds to an object that is created. */
final class NewObject {
    private static final Set<String> WORKLOADS = Set.of("deployments", "statefulsets");
    private static final Set<String> LIMITED = Set.of("configmaps", "secrets");
    private static final long MEBIBYTE = 1024 * 1024;
    static final String TOO_LARGE = "[]: Too long: may not be more than 1048576 bytes";
    private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private NewObject() {}

    /** Completes the object in place and returns its metadata. */
    static ObjectNode metadata(ObjectNode object, ApiPath path) {
        ObjectNode metadata = object.withObject("/metadata");
        if (metadata.path("name").asText("").isEmpty()
                && !metadata.path("generateName").asText("").isEmpty()) {
            metadata.put("name", metadata.path("generateName").asText() + suffix(5));
        }
        if (!path.namespace().isEmpty() && metadata.path("namespace").asText("").isEmpty()) {
            metadata.put("namespace", path.namespace());
        }
        metadata.put("uid", ApiStore.newUid());
        metadata.put("creationTimestamp", ApiStore.now(0));
        metadata.remove("deletionTimestamp");
        if (hasGeneration(path)) {
            metadata.put("generation", 1);
        }
        if (Kind.WITH_STATUS.contains(path.resource())) {
            object.remove("status");
        }
        if (WORKLOADS.contains(path.resource()) && !object.at("/spec/replicas").isNumber()) {
            object.withObject("/spec").put("replicas", 1);
        }
        encodeStringData(object, path);
        return metadata;
    }

    /** A Secret's write-only clear text becomes base64 data. */
    static void encodeStringData(ObjectNode object, ApiPath path) {
        if (!path.resource().equals("secrets")) {
            return;
        }
        @Nullable JsonNode text = object.remove("stringData");
        if (text == null) {
            return;
        }
        ObjectNode data = object.withObject("/data");
        for (Map.Entry<String, JsonNode> entry : text.properties()) {
            byte[] bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
            data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** ConfigMaps and Secrets hold one MiB at most, names of keys and encoding aside. */
    static boolean isTooLarge(ObjectNode object, ApiPath path) {
        if (!LIMITED.contains(path.resource())) {
            return false;
        }
        long size = 0;
        for (JsonNode value : object.path("data")) {
            size += value.asText().getBytes(StandardCharsets.UTF_8).length;
        }
        return size > (path.resource().equals("secrets") ? MEBIBYTE * 4 / 3 : MEBIBYTE);
    }

    static boolean hasGeneration(ApiPath path) {
        return Set.of("apps", "batch").contains(path.group())
                || Kind.CUSTOM_GROUPS.contains(path.group());
    }

    /** Letters as Kubernetes picks them for generated names. */
    static String suffix(int length) {
        return ThreadLocalRandom.current()
                .ints(length, 0, NAME_LETTERS.length())
                .collect(
                        StringBuilder::new,
                        (text, i) -> text.append(NAME_LETTERS.charAt(i)),
                        StringBuilder::append)
                .toString();
    }
}
