package dev.switchback.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The rights Switchback needs, as one Role manifest, and whether we have them. */
public final class Access {
    private Access() {}

    /** The Role to grant, as YAML. */
    public static String role() {
        try (InputStream in = Access.class.getResourceAsStream("role.yaml")) {
            if (in == null) {
                throw new IllegalStateException("role.yaml is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every right of the Role that the API server says we lack in this namespace. */
    public static List<Problem> missing(Kube kube, String namespace) {
        List<Problem> problems = new ArrayList<>();
        for (JsonNode rule : rules()) {
            for (JsonNode group : rule.path("apiGroups")) {
                for (JsonNode resource : rule.path("resources")) {
                    for (JsonNode verb : rule.path("verbs")) {
                        String[] parts = resource.asText().split("/", 2);
                        String sub = parts.length == 2 ? parts[1] : "";
                        if (!kube.allowed(
                                verb.asText(), group.asText(), parts[0], sub, namespace)) {
                            problems.add(
                                    new Problem(
                                            Code.KUBE_FORBIDDEN,
                                            namespace + " " + resource.asText(),
                                            "we may not "
                                                    + verb.asText()
                                                    + " "
                                                    + resource.asText()
                                                    + (group.asText().isEmpty()
                                                            ? ""
                                                            : " of " + group.asText()),
                                            "grant the Role that 'switchback init --role' prints"));
                        }
                    }
                }
            }
        }
        return problems;
    }

    private static JsonNode rules() {
        try {
            return new ObjectMapper(new YAMLFactory()).readTree(role()).path("rules");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
