package dev.switchback.diagnose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.World;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The newest warnings of Kubernetes about anything in both namespaces; our own are left out. */
final class EventLook implements Look {
    private static final Duration LOOKBACK = Duration.ofHours(1);
    private static final int NEWEST = 50;

    @Override
    public String name() {
        return "Kubernetes Events";
    }

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        look(world.kube(), world.source().namespace(), evidence);
        if (world.kube() != world.targetKube()
                || !world.source().namespace().equals(world.target().namespace())) {
            look(world.targetKube(), world.target().namespace(), evidence);
        }
    }

    private static void look(Kube kube, String namespace, Evidence evidence)
            throws InterruptedException {
        List<KubeObject> events =
                evidence.tried(
                                "Events of " + namespace,
                                () -> kube.list(Kind.EVENT, namespace, Map.of()))
                        .orElse(List.of());
        Instant from = evidence.situation().now().minus(LOOKBACK);
        Stream<KubeObject> warnings =
                events.stream()
                        .filter(e -> e.json().path("type").asText().equals("Warning"))
                        .filter(e -> !component(e).startsWith("switchback"))
                        .filter(e -> at(e).isAfter(from))
                        .sorted(Comparator.comparing(EventLook::at).reversed())
                        .limit(NEWEST);
        warnings.forEach(e -> {
            JsonNode about = e.json().path("involvedObject");
            evidence.saw(
                    Topic.EVENT,
                    about.path("kind").asText() + "/" + about.path("name").asText(),
                    "reason",
                    e.json().path("reason").asText(""),
                    "message",
                    e.json().path("message").asText(""),
                    "at",
                    at(e).toString(),
                    "count",
                    e.json().path("count").asText(""));
        });
    }

    private static String component(KubeObject event) {
        return event.json()
                .path("reportingComponent")
                .asText(event.json().at("/source/component").asText(""));
    }

    /** When it was last seen; an event that does not say counts as just now. */
    private static Instant at(KubeObject event) {
        for (String field : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
            try {
                String text = event.json().path(field).asText("");
                if (!text.isEmpty()) {
                    return Instant.parse(text);
                }
            } catch (DateTimeException unreadable) {
                // the next field may tell
            }
        }
        return Instant.MAX;
    }
}
