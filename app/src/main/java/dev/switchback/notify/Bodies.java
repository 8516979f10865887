package dev.switchback.notify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.engine.LiveSide;
import dev.switchback.estimate.Span;
import java.time.Instant;
import java.util.Optional;

/** The bodies that are sent; {@code switchback.dev/tell-v1} only ever grows. */
final class Bodies {
    static final String API_VERSION = "switchback.dev/tell-v1";

    private Bodies() {}

    static ObjectNode slack(String text) {
        return JsonNodeFactory.instance.objectNode().put("text", text);
    }

    static ObjectNode announcement(Situation at, String text) {
        return document("Announcement", at).put("text", text);
    }

    static ObjectNode hook(Situation at) {
        return document("Hook", at);
    }

    private static ObjectNode document(String kind, Situation at) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("apiVersion", API_VERSION).put("kind", kind).put("moment", at.moment());
        json.putObject("migration")
                .put("namespace", at.migration().namespace())
                .put("name", at.migration().name())
                .put("strategy", at.migration().strategy().word())
                .put("source", at.migration().source().toString())
                .put("target", at.migration().target().toString());
        json.put("phase", at.phase())
                .put("step", at.step())
                .put("attempt", at.state().attempt())
                .put("run", at.runId())
                .put("liveSide", LiveSide.of(at.state()))
                .put("rollback", at.rollback())
                .put("result", at.result())
                .put("reason", at.reason());
        ObjectNode times = json.putObject("times");
        times.put("now", at.now().toString());
        time(times, "cutoverAt", at.migration().cutoverAt());
        time(times, "predictedEnd", at.predictedEnd());
        at.downtime()
                .ifPresentOrElse(
                        d -> times.put("downtimeSeconds", d.toMillis() / 1000.0),
                        () -> times.putNull("downtimeSeconds"));
        Optional<Span> predicted = at.predicted();
        if (predicted.isPresent()) {
            times.putObject("predictedDowntimeSeconds")
                    .put("low", predicted.get().low())
                    .put("expected", predicted.get().expected())
                    .put("high", predicted.get().high());
        } else {
            times.putNull("predictedDowntimeSeconds");
        }
        var issues = json.putArray("issues");
        at.issues().forEach(issues::add);
        return json;
    }

    private static void time(ObjectNode times, String name, Optional<Instant> time) {
        times.put(name, time.map(Instant::toString).orElse(null));
    }
}
