package dev.switchback.zalando;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Patroni's dynamic configuration where it keeps it in Kubernetes: annotation {@code config} of the
 * object {@code <cluster>-config}, Endpoints or ConfigMap like the leader's. Written as {@code
 * patronictl edit-config} writes it: the whole text, if nobody changed it since it was read. Keys
 * that the {@code postgresql} object does not know, such as {@code ignore_slots}, have their only
 * place here, and the operator leaves them alone: it sends a merge of what differs
 * (facts/operators.md §2.9, §4.4). Every member hears of a change by its watch, at the latest
 * within {@code loop_wait}.
 */
final class PatroniSettings {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANNOTATION = "config";
    private static final int TRIES = 10;

    private final Kube kube;
    private final String namespace;
    private final String cluster;

    PatroniSettings(Kube kube, String namespace, String cluster) {
        this.kube = kube;
        this.namespace = namespace;
        this.cluster = cluster;
    }

    String display() {
        return namespace + "/" + cluster + "-config";
    }

    /**
     * The settings; empty when Patroni left no trace in Kubernetes.
     *
     * @throws SwitchbackException NOT_READABLE when they are no JSON object
     */
    Optional<ObjectNode> read() {
        return object().map(this::parse);
    }

    /**
     * Changes the settings as one swap, read afresh and tried again when somebody else was faster.
     * Writes nothing when the change changes nothing.
     *
     * @throws SwitchbackException NOT_READABLE when there are none; KUBE_CONFLICT when others keep
     *     changing them
     */
    void change(Consumer<ObjectNode> change) {
        for (int attempt = 1; ; attempt++) {
            KubeObject object =
                    object().orElseThrow(() -> unreadable("Patroni has left no settings there"));
            ObjectNode settings = parse(object);
            ObjectNode before = settings.deepCopy();
            change.accept(settings);
            if (settings.equals(before)) {
                return;
            }
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            ObjectNode metadata = patch.putObject("metadata");
            metadata.put("resourceVersion", object.resourceVersion());
            metadata.putObject("annotations").put(ANNOTATION, settings.toString());
            try {
                kube.patch(object.kind(), namespace, object.name(), patch);
                return;
            } catch (SwitchbackException e) {
                if (e.code() != Code.KUBE_CONFLICT || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Optional<KubeObject> object() {
        return Patroni.leaderObject(kube, namespace, cluster)
                .map(KubeObject::kind)
                .flatMap(this::config);
    }

    private Optional<KubeObject> config(Kind kind) {
        return kube.get(kind, namespace, cluster + "-config");
    }

    private ObjectNode parse(KubeObject object) {
        String text = object.annotation(ANNOTATION).orElse("{}");
        try {
            JsonNode settings = JSON.readTree(text);
            if (settings instanceof ObjectNode map) {
                return map;
            }
        } catch (JsonProcessingException e) {
            // said below, without the text: settings may hold passwords
        }
        throw unreadable("annotation config is no JSON object");
    }

    private SwitchbackException unreadable(String what) {
        return new SwitchbackException(
                Code.NOT_READABLE,
                display(),
                what,
                "kubectl get endpoints,configmaps -n " + namespace + " -l cluster-name=" + cluster);
    }
}
