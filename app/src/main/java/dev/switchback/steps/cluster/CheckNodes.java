package dev.switchback.steps.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nodes of the target and of the writers are well and have room, where we may read them. The
 * Role that we ship leaves them out: nodes belong to nobody's namespace, and the migration starts
 * no pod that did not run before.
 */
public final class CheckNodes extends Check {
    private static final Set<String> PRESSURE =
            Set.of("MemoryPressure", "DiskPressure", "PIDPressure");

    /** Share of a node's allocatable that is asked for, above which a restart may find no room. */
    private static final double FULL = 0.95;

    public CheckNodes(World world) {
        super(
                world,
                Chapter.INFRASTRUCTURE,
                "check-nodes",
                "Check the nodes of the target and of the writers");
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        Kube kube = world.targetKube();
        if (!kube.allowed("list", "", "nodes", "", "")
                || !kube.allowed("list", "", "pods", "", "")) {
            findings.warn(
                    new Problem(
                            Code.NOT_READABLE,
                            "nodes",
                            "not readable: the Role leaves the nodes out",
                            "kubectl describe nodes | grep -A 5 'Allocated resources', or grant list of"
                                    + " nodes and of all pods by a ClusterRole",
                            "a node without room would not take the target's pod back after a restart"));
            return;
        }
        List<KubeObject> pods = kube.listEverywhere(Kind.POD);
        Set<String> used = new TreeSet<>();
        for (KubeObject pod : pods) {
            if (pod.label("cnpg.io/cluster")
                    .filter(world.target().object().name()::equals)
                    .isPresent()) {
                used.add(pod.spec().path("nodeName").asText(""));
            }
        }
        world.writers()
                .refs()
                .forEach(ref ->
                        world.writers()
                                .podsOf(ref)
                                .forEach(pod -> used.add(pod.spec().path("nodeName").asText(""))));
        used.remove("");
        for (KubeObject node : kube.listEverywhere(Kind.NODE)) {
            if (used.contains(node.name())) {
                node(node, pods, findings);
            }
        }
        findings.saw("nodes", String.join(", ", used));
    }

    private static void node(KubeObject node, List<KubeObject> pods, Findings findings) {
        for (JsonNode condition : node.status().path("conditions")) {
            String type = condition.path("type").asText();
            String status = condition.path("status").asText();
            if (type.equals("Ready") && !status.equals("True")) {
                findings.block(
                        problem(node, "is not ready: " + condition.path("message").asText()));
            } else if (PRESSURE.contains(type) && status.equals("True")) {
                findings.block(problem(node, "is under " + type));
            }
        }
        if (node.spec().path("unschedulable").asBoolean(false)) {
            findings.warn(problem(node, "is cordoned: a pod that restarts goes elsewhere"));
        }
        for (String resource : List.of("cpu", "memory")) {
            String allocatable = node.status().path("allocatable").path(resource).asText("");
            if (allocatable.isEmpty()) {
                continue;
            }
            double asked =
                    pods.stream()
                            .filter(p -> p.spec().path("nodeName").asText("").equals(node.name()))
                            .filter(p ->
                                    !Set.of("Succeeded", "Failed")
                                            .contains(p.status().path("phase").asText()))
                            .mapToDouble(p -> requests(p, resource))
                            .sum();
            double share = asked / Kube.amount(allocatable);
            findings.saw(node.name() + "." + resource, "%.0f %% asked for".formatted(100 * share));
            if (share > FULL) {
                findings.warn(
                        problem(
                                node,
                                "%.0f %% of its %s is asked for".formatted(100 * share, resource)));
            }
        }
    }

    private static double requests(KubeObject pod, String resource) {
        double sum = 0;
        for (JsonNode container : pod.spec().path("containers")) {
            String asked = container.path("resources").path("requests").path(resource).asText("");
            sum += asked.isEmpty() ? 0 : Kube.amount(asked);
        }
        return sum;
    }

    private static Problem problem(KubeObject node, String what) {
        return new Problem(
                Code.NODES_SHORT,
                "node/" + node.name(),
                what,
                "kubectl describe node " + node.name() + ", and make room",
                "a pod of the target or of a writer that restarts there may not come back");
    }
}
