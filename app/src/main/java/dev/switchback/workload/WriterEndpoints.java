package dev.switchback.workload;

import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Migration.WriterRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which side the writers' next pods will use, read from their effective environment: what was
 * written into a file or an object counts only when it arrives there.
 */
public final class WriterEndpoints {
    private final Writers writers;
    private final WriterEnvironment environment;
    private final EndpointNames names;

    public WriterEndpoints(Writers writers, WriterEnvironment environment, EndpointNames names) {
        this.writers = writers;
        this.environment = environment;
        this.names = names;
    }

    /** Variables that name the source, joined by commas, by writer. */
    public Map<String, String> namingSource() {
        Map<String, String> found = new LinkedHashMap<>();
        for (WriterRef ref : writers.refs()) {
            List<String> variables = new ArrayList<>();
            environment
                    .of(ref, writers.object(ref))
                    .forEach((name, value) -> {
                        if (!names.namesIn(value.reveal()).isEmpty()) {
                            variables.add(name);
                        }
                    });
            if (!variables.isEmpty()) {
                found.put(ref.toString(), String.join(",", variables));
            }
        }
        return found;
    }

    /**
     * Why not every writer would use the target; empty when all would.
     *
     * @param named what {@link #namingSource} gave before anything was switched
     */
    public List<String> notOnTarget(Map<String, String> named) {
        return differences(named, true);
    }

    /** Why not every writer would use the source again; empty when all would. */
    public List<String> notOnSource(Map<String, String> named) {
        return differences(named, false);
    }

    private List<String> differences(Map<String, String> named, boolean target) {
        List<String> missing = new ArrayList<>();
        for (WriterRef ref : writers.refs()) {
            KubeObject object = writers.object(ref);
            Map<String, Secret> env = environment.of(ref, object);
            environment.unresolved(ref, object).forEach(what -> missing.add(ref + ": " + what));
            for (String variable : named.getOrDefault(ref.toString(), "").split(",")) {
                if (!variable.isEmpty() && !names(env.get(variable), target)) {
                    missing.add(
                            ref
                                    + ": "
                                    + variable
                                    + " does not name the "
                                    + (target ? "target" : "source"));
                }
            }
            if (target) {
                env.forEach((name, value) -> {
                    if (!names.namesIn(value.reveal()).isEmpty()) {
                        missing.add(ref + ": " + name + " names the source");
                    }
                });
            }
        }
        return missing;
    }

    private boolean names(@org.jspecify.annotations.Nullable Secret value, boolean target) {
        if (value == null) {
            return false;
        }
        return target
                ? names.namesTarget(value.reveal())
                : !names.namesIn(value.reveal()).isEmpty();
    }
}
