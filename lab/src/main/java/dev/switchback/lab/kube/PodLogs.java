package dev.switchback.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What containers wrote to their standard output, as a kubelet keeps it: each line with its time,
 * the oldest forgotten first. A pod of the lab has one container that talks.
 */
final class PodLogs {
    private static final int KEPT = 5_000;

    private final Map<String, Deque<Line>> logs = new ConcurrentHashMap<>();

    private record Line(Instant at, String text) {}

    void write(String namespace, String pod, Instant at, String text) {
        Deque<Line> log = logs.computeIfAbsent(namespace + "/" + pod, key -> new ArrayDeque<>());
        synchronized (log) {
            log.addLast(new Line(at, text));
            if (log.size() > KEPT) {
                log.removeFirst();
            }
        }
    }

    /** Answers {@code GET …/pods/NAME/log}. */
    Answer read(ApiPath path, Optional<? extends JsonNode> pod) {
        if (pod.isEmpty()) {
            return Answer.notFound(path);
        }
        Deque<Line> log =
                logs.getOrDefault(path.namespace() + "/" + path.name(), new ArrayDeque<>());
        JsonNode waiting = pod.get().at("/status/containerStatuses/0/state/waiting/reason");
        synchronized (log) {
            if (log.isEmpty() && !waiting.isMissingNode()) {
                return Answer.badRequest(
                        path,
                        "container \"%s\" in pod \"%s\" is waiting to start: %s"
                                .formatted(
                                        pod.get().at("/spec/containers/0/name").asText(),
                                        path.name(),
                                        waiting.asText()));
            }
            return new Answer(200, TextNode.valueOf(text(path, new ArrayList<>(log))));
        }
    }

    private static String text(ApiPath path, List<Line> lines) {
        Map<String, String> query = path.query();
        Instant since =
                query.containsKey("sinceSeconds")
                        ? Instant.now().minusSeconds(Long.parseLong(query.get("sinceSeconds")))
                        : Instant.MIN;
        List<Line> wanted = lines.stream().filter(line -> line.at().isAfter(since)).toList();
        int tail = Integer.parseInt(query.getOrDefault("tailLines", "" + wanted.size()));
        StringBuilder text = new StringBuilder();
        for (Line line : wanted.subList(Math.max(0, wanted.size() - tail), wanted.size())) {
            if ("true".equals(query.get("timestamps"))) {
                text.append(line.at()).append(' ');
            }
            text.append(line.text()).append('\n');
        }
        byte[] all = text.toString().getBytes(StandardCharsets.UTF_8);
        int limit = Integer.parseInt(query.getOrDefault("limitBytes", "" + all.length));
        return new String(all, 0, Math.min(limit, all.length), StandardCharsets.UTF_8);
    }
}
