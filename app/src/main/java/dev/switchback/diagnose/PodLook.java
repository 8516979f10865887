package dev.switchback.diagnose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pods: ready or not, why not, how they ended before, their limits, and what they use. */
final class PodLook implements Look {
    @Override
    public String name() {
        return "the pods";
    }

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        Map<String, JsonNode> usage = usage(world, evidence);
        for (Pods.Known known : Pods.of(world, evidence)) {
            KubeObject pod = known.pod();
            Ended ended = ended(pod);
            JsonNode used = usage.get(pod.name());
            evidence.saw(
                    Topic.POD,
                    pod.name(),
                    "role",
                    known.role(),
                    "phase",
                    pod.status().path("phase").asText(""),
                    "ready",
                    String.valueOf(pod.isReady()),
                    "waiting",
                    ended.waiting,
                    "last",
                    ended.last,
                    "restarts",
                    String.valueOf(ended.restarts),
                    "started",
                    pod.status().path("startTime").asText(""),
                    "cpuLimit",
                    limit(pod, "cpu"),
                    "memoryLimit",
                    limit(pod, "memory"),
                    "cpuShare",
                    share(used, pod, "cpu"),
                    "memoryShare",
                    share(used, pod, "memory"));
        }
    }

    private record Ended(String waiting, String last, int restarts) {}

    private static Ended ended(KubeObject pod) {
        String waiting = pod.status().path("reason").asText("");
        String last = "";
        int restarts = 0;
        for (JsonNode container : pod.status().path("containerStatuses")) {
            restarts += container.path("restartCount").asInt(0);
            JsonNode wait = container.at("/state/waiting");
            if (!wait.isMissingNode()) {
                waiting =
                        (wait.path("reason").asText("waiting")
                                        + " "
                                        + wait.path("message").asText(""))
                                .strip();
            }
            for (String where : List.of("/state/terminated", "/lastState/terminated")) {
                JsonNode gone = container.at(where);
                if (!gone.isMissingNode() && last.isEmpty()) {
                    last =
                            gone.path("reason").asText("Error")
                                    + " (exit "
                                    + gone.path("exitCode").asInt()
                                    + ")";
                }
            }
        }
        return new Ended(waiting, last, restarts);
    }

    private static String limit(KubeObject pod, String resource) {
        return pod.spec().at("/containers/0/resources/limits/" + resource).asText("");
    }

    /** What the metrics server says of the target's pods, by name. */
    private static Map<String, JsonNode> usage(World world, Evidence evidence) {
        Map<String, JsonNode> usage = new HashMap<>();
        try {
            for (KubeObject metrics :
                    world.targetKube()
                            .list(
                                    Kind.POD_METRICS,
                                    world.target().namespace(),
                                    Map.of(
                                            "cnpg.io/cluster",
                                            world.migration().target().cluster()))) {
                usage.put(metrics.name(), metrics.json().at("/containers/0/usage"));
            }
        } catch (SwitchbackException e) {
            evidence.without("CPU and memory in use (the metrics server)", e.problem().what());
        }
        return usage;
    }

    /** The part of its limit that a pod uses, 0 to 1. */
    private static String share(
            @org.jspecify.annotations.Nullable JsonNode used, KubeObject pod, String resource) {
        String limit = limit(pod, resource);
        String now = used == null ? "" : used.path(resource).asText("");
        if (limit.isEmpty() || now.isEmpty()) {
            return "";
        }
        return String.format("%.2f", Kube.amount(now) / Kube.amount(limit));
    }
}
