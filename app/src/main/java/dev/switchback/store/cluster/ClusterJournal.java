package dev.switchback.store.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.engine.Journal;
import dev.switchback.engine.JournalJson;
import dev.switchback.engine.JournalState;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.util.Optional;
import java.util.UUID;

/**
 * The journal as a ConfigMap, swapped by resourceVersion. Each write carries a random mark: when
 * the API server's answer is lost, the mark tells whether the write happened, so that a time-out
 * after applying is not taken for a conflict.
 */
public final class ClusterJournal implements Journal {
    private static final String DOCUMENT = "journal.json";
    private static final String MARK = "write";

    private final Kube kube;
    private final String namespace;
    private final String migration;

    public ClusterJournal(Kube kube, String namespace, String migration) {
        this.kube = kube;
        this.namespace = namespace;
        this.migration = migration;
    }

    /** {@code namespace/name} of the ConfigMap, for messages. */
    public String display() {
        return namespace + "/" + ObjectNames.journal(migration);
    }

    @Override
    public Optional<Stored> read() {
        return find().map(this::stored);
    }

    @Override
    public Stored swap(String expectedVersion, JournalState next) throws Conflict {
        String mark = UUID.randomUUID().toString();
        String document = JournalJson.write(next);
        try {
            return expectedVersion.isEmpty()
                    ? create(document, mark)
                    : replace(expectedVersion, document, mark);
        } catch (SwitchbackException e) {
            Optional<KubeObject> now = find();
            if (now.isPresent() && mark.equals(now.get().data().get(MARK))) {
                return stored(now.get());
            }
            if (e.code() == Code.KUBE_CONFLICT) {
                throw new Conflict(e.problem().line());
            }
            throw e;
        }
    }

    private Stored create(String document, String mark) {
        ObjectNode fresh = ObjectNames.labelled(ObjectNames.journal(migration), migration);
        fresh.putObject("data").put(DOCUMENT, document).put(MARK, mark);
        return stored(kube.create(Kind.CONFIG_MAP, namespace, fresh));
    }

    private Stored replace(String version, String document, String mark) throws Conflict {
        KubeObject current =
                find().orElseThrow(() -> new Conflict("the journal " + display() + " is gone"));
        if (!current.resourceVersion().equals(version)) {
            throw new Conflict("the journal " + display() + " was written by another process");
        }
        ObjectNode next = current.json().deepCopy();
        next.withObject("data").put(DOCUMENT, document).put(MARK, mark);
        return stored(kube.replace(Kind.CONFIG_MAP, namespace, next));
    }

    private Optional<KubeObject> find() {
        return kube.get(Kind.CONFIG_MAP, namespace, ObjectNames.journal(migration));
    }

    private Stored stored(KubeObject object) {
        String document = object.data().get(DOCUMENT);
        if (document == null) {
            throw unreadable("has no key " + DOCUMENT);
        }
        return new Stored(JournalJson.read(document, display()), object.resourceVersion());
    }

    private SwitchbackException unreadable(String what) {
        return new SwitchbackException(
                Code.JOURNAL_UNREADABLE,
                display(),
                what,
                "restore the ConfigMap; without it nobody knows what was changed");
    }
}
