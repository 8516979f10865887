package dev.switchback.settle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.settle.WatchRecord.AlertEvent;
import dev.switchback.steps.World;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Tells a transition as a Kubernetes Event on both clusters' objects. Its name comes from the
 * transition, so that one that was told before a crash is not told twice.
 */
final class ClusterEvents {
    /** Kubernetes refuses longer messages. */
    private static final int LONGEST = 1024;

    private final World world;

    ClusterEvents(World world) {
        this.world = world;
    }

    /**
     * @throws SwitchbackException with the API server's words; told again then
     */
    void tell(AlertEvent event) {
        tell(world.kube(), world.source().object(), event);
        tell(world.targetKube(), world.target().object(), event);
    }

    private void tell(Kube kube, KubeObject about, AlertEvent event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        String name =
                about.name()
                        + "."
                        + event.alert().toLowerCase(Locale.ROOT)
                        + "."
                        + event.change()
                        + "."
                        + Long.toHexString(event.at().toEpochMilli());
        ObjectNode metadata = json.putObject("metadata");
        metadata.put("name", name);
        metadata.putObject("labels").put("app.kubernetes.io/managed-by", "switchback");
        json.putObject("involvedObject")
                .put("apiVersion", about.kind().apiVersion())
                .put("kind", about.kind().kind())
                .put("namespace", about.namespace())
                .put("name", about.name())
                .put("uid", about.json().path("metadata").path("uid").asText(""));
        boolean fired = event.change().equals("fired");
        String at = event.at().truncatedTo(ChronoUnit.SECONDS).toString();
        json.put("reason", event.alert())
                .put("message", message(event))
                .put("type", fired ? "Warning" : "Normal")
                .put("firstTimestamp", at)
                .put("lastTimestamp", at)
                .put("count", 1)
                .put("reportingComponent", "switchback")
                .put("reportingInstance", world.migration().name())
                .put("action", event.change());
        json.putObject("source").put("component", "switchback");
        try {
            kube.create(Kind.EVENT, about.namespace(), json);
        } catch (SwitchbackException e) {
            if (e.code() != Code.KUBE_CONFLICT) {
                throw e;
            }
        }
    }

    private static String message(AlertEvent event) {
        String text =
                event.change()
                        + ": "
                        + event.what()
                        + (event.remedy().isEmpty() ? "" : "; remedy: " + event.remedy());
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}
