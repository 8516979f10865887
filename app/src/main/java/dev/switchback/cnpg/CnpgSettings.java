package dev.switchback.cnpg;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.KubeObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the {@code Cluster} object says about the server: PostgreSQL hides some of it from roles
 * without rights, and some of it the operator enforces whatever the server says.
 */
public final class CnpgSettings {
    /** The operator's own, unless the object says otherwise. */
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "ssl_min_protocol_version", "TLSv1.3",
                    "wal_sender_timeout", "5s",
                    "wal_receiver_timeout", "5s");

    /**
     * Extensions that the operator creates when a parameter of theirs is set, and drops from every
     * database when none is; their libraries come and go with them.
     */
    private static final Map<String, String> MANAGED =
            Map.of("pg_stat_statements", "pg_stat_statements.", "pgaudit", "pgaudit.");

    private final JsonNode spec;

    public CnpgSettings(KubeObject cluster) {
        this.spec = cluster.spec();
    }

    /** {@code spec.postgresql.parameters} as written. */
    public Map<String, String> parameters() {
        Map<String, String> parameters = new TreeMap<>();
        spec.path("postgresql")
                .path("parameters")
                .properties()
                .forEach(e -> parameters.put(e.getKey(), e.getValue().asText()));
        return parameters;
    }

    /** As written, or the operator's own default; empty when neither decides. */
    public String parameter(String name) {
        return parameters().getOrDefault(name, DEFAULTS.getOrDefault(name, ""));
    }

    /** Libraries loaded at start: those named, and those the operator adds. */
    public Set<String> preloaded() {
        Set<String> libraries = new TreeSet<>();
        for (JsonNode library : spec.path("postgresql").path("shared_preload_libraries")) {
            libraries.add(library.asText());
        }
        for (String extension : MANAGED.keySet()) {
            if (keeps(extension)) {
                libraries.add(extension);
            }
        }
        return libraries;
    }

    /** Whether the operator lets the extension live. */
    public boolean keeps(String extension) {
        String prefix = MANAGED.get(extension);
        return prefix == null
                || parameters().keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** Roles whose attributes, LOGIN among them, the operator enforces. */
    public Set<String> managedRoles() {
        Set<String> roles = new TreeSet<>();
        for (JsonNode role : spec.path("managed").path("roles")) {
            roles.add(role.path("name").asText());
        }
        return roles;
    }

    /** Whether a rule of {@code spec.postgresql.pg_hba} turns plain connections away. */
    public boolean refusesPlain() {
        for (JsonNode rule : spec.path("postgresql").path("pg_hba")) {
            String line = rule.asText().strip();
            if (line.startsWith("hostnossl") && line.endsWith("reject")) {
                return true;
            }
        }
        return false;
    }
}
