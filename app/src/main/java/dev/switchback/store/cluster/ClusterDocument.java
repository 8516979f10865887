package dev.switchback.store.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.util.Optional;
import java.util.function.Function;

/**
 * A text of ours beside the journal, in the ConfigMap {@code switchback-<migration>-<suffix>}:
 * changed by compare-and-swap, so that two processes do not undo each other's writes.
 */
public final class ClusterDocument {
    private static final int ATTEMPTS = 20;

    private final Kube kube;
    private final String namespace;
    private final String migration;
    private final String name;
    private final String key;

    /**
     * @param key of the ConfigMap's data: {@code watch.json}
     */
    public ClusterDocument(
            Kube kube, String namespace, String migration, String suffix, String key) {
        this.kube = kube;
        this.namespace = namespace;
        this.migration = migration;
        this.name = ObjectNames.journal(migration) + "-" + suffix;
        this.key = key;
    }

    /** {@code namespace/name}, for messages. */
    public String display() {
        return namespace + "/" + name;
    }

    /** Empty when it was never written. */
    public Optional<String> read() {
        return find().map(found -> found.data().getOrDefault(key, ""));
    }

    /**
     * Writes what {@code change} makes of the text that is there; called again with what somebody
     * else wrote in between.
     *
     * @return what was written
     * @throws SwitchbackException KUBE_CONFLICT when somebody else writes all the time
     */
    public String change(Function<Optional<String>, String> change) {
        for (int attempt = 0; ; attempt++) {
            Optional<KubeObject> found = find();
            String next = change.apply(found.map(f -> f.data().getOrDefault(key, "")));
            try {
                write(found, next);
                return next;
            } catch (SwitchbackException e) {
                if (e.code() != Code.KUBE_CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void write(Optional<KubeObject> found, String text) {
        if (found.isEmpty()) {
            ObjectNode fresh = ObjectNames.labelled(name, migration);
            fresh.putObject("data").put(key, text);
            kube.create(Kind.CONFIG_MAP, namespace, fresh);
        } else {
            ObjectNode next = found.get().json().deepCopy();
            next.withObject("data").put(key, text);
            kube.replace(Kind.CONFIG_MAP, namespace, next);
        }
    }

    private Optional<KubeObject> find() {
        return kube.get(Kind.CONFIG_MAP, namespace, name);
    }
}
