package dev.switchback.store.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Previous values that may be secret, kept in a Secret of ours; the journal holds their name and
 * digest only. A value is written once: a second {@link #keep} under the same name leaves the
 * first.
 */
public final class CapturedValues {
    private final Kube kube;
    private final String namespace;
    private final String migration;

    public CapturedValues(Kube kube, String namespace, String migration) {
        this.kube = kube;
        this.namespace = namespace;
        this.migration = migration;
    }

    /**
     * @param name unique within the migration, for example {@code
     *     a1.ConfigMap.mastodon-database.DB_HOST}
     */
    public void keep(String name, Secret value) {
        write(name, value, false);
    }

    /** Keeps a value under a name that may hold an older one. */
    public void renew(String name, Secret value) {
        write(name, value, true);
    }

    private void write(String name, Secret value, boolean overwrite) {
        String key = key(name);
        for (int attempt = 0; ; attempt++) {
            try {
                Optional<KubeObject> found =
                        kube.get(Kind.SECRET, namespace, ObjectNames.captured(migration));
                if (!overwrite && found.flatMap(s -> s.secret(key)).isPresent()) {
                    return;
                }
                store(found.orElse(null), key, value);
                return;
            } catch (SwitchbackException e) {
                if (e.code() != Code.KUBE_CONFLICT || attempt == 5) {
                    throw e;
                }
            }
        }
    }

    private void store(@Nullable KubeObject found, String key, Secret value) {
        String encoded =
                Base64.getEncoder().encodeToString(value.reveal().getBytes(StandardCharsets.UTF_8));
        if (found == null) {
            ObjectNode fresh = ObjectNames.labelled(ObjectNames.captured(migration), migration);
            fresh.putObject("data").put(key, encoded);
            kube.create(Kind.SECRET, namespace, fresh);
        } else {
            ObjectNode next = found.json().deepCopy();
            next.withObject("data").put(key, encoded);
            kube.replace(Kind.SECRET, namespace, next);
        }
    }

    /** The value kept under this name, if there is one. */
    public Optional<Secret> find(String name) {
        return kube.get(Kind.SECRET, namespace, ObjectNames.captured(migration))
                .flatMap(s -> s.secret(key(name)));
    }

    /**
     * @throws SwitchbackException JOURNAL_UNREADABLE when the value is gone: then undo must not
     *     guess
     */
    public Secret require(String name) {
        return find(name)
                .orElseThrow(() ->
                        new SwitchbackException(
                                Code.JOURNAL_UNREADABLE,
                                namespace + "/" + ObjectNames.captured(migration),
                                "the captured value '" + name + "' is gone",
                                "restore the Secret from a backup of the namespace, or set the value by hand"));
    }

    /** Forgets everything; once the migration is over nothing is put back any more. */
    public void forget() {
        kube.delete(Kind.SECRET, namespace, ObjectNames.captured(migration));
    }

    /** Secret keys allow letters, digits, '-', '_' and '.'. */
    private static String key(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", ".");
    }
}
