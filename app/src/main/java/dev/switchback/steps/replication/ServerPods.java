package dev.switchback.steps.replication;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.World;
import dev.switchback.steps.replication.NetworkRules.Direction;
import java.util.List;
import java.util.Map;

/**
 * One cluster's servers and what guards them.
 *
 * @param word {@code source} or {@code target}
 * @param labels by which its operator finds its pods
 * @param pods every member: any may be the leader tomorrow
 * @param rules of its namespace
 */
record ServerPods(
        String word,
        String namespace,
        String cluster,
        Map<String, String> labels,
        List<KubeObject> pods,
        NetworkRules rules) {

    static ServerPods source(World world) {
        return read(
                world.kube(),
                "source",
                world.source().namespace(),
                world.source().name(),
                Map.of("application", "spilo", "cluster-name", world.source().name()));
    }

    static ServerPods target(World world) {
        String name = world.migration().target().cluster();
        return read(
                world.targetKube(),
                "target",
                world.target().namespace(),
                name,
                Map.of("cnpg.io/cluster", name, "cnpg.io/podRole", "instance"));
    }

    private static ServerPods read(
            Kube kube, String word, String namespace, String cluster, Map<String, String> labels) {
        return new ServerPods(
                word,
                namespace,
                cluster,
                labels,
                kube.list(Kind.POD, namespace, labels),
                new NetworkRules(kube.list(Kind.NETWORK_POLICY, namespace, Map.of())));
    }

    String display() {
        return namespace + "/" + cluster;
    }

    /** The command that admits the other side's servers, and nobody else. */
    String admit(ServerPods other, int port, Direction direction) {
        boolean in = direction == Direction.INGRESS;
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        policy.put("apiVersion", "networking.k8s.io/v1").put("kind", "NetworkPolicy");
        policy.putObject("metadata")
                .put("name", "switchback-" + cluster + (in ? "-in" : "-out"))
                .put("namespace", namespace);
        ObjectNode spec = policy.putObject("spec");
        match(spec.putObject("podSelector"), labels);
        spec.putArray("policyTypes").add(direction.type());
        ObjectNode rule = spec.putArray(in ? "ingress" : "egress").addObject();
        ObjectNode peer = rule.putArray(in ? "from" : "to").addObject();
        match(
                peer.putObject("namespaceSelector"),
                Map.of("kubernetes.io/metadata.name", other.namespace));
        match(peer.putObject("podSelector"), other.labels);
        rule.putArray("ports").addObject().put("protocol", "TCP").put("port", port);
        return "echo '" + policy + "' | kubectl apply -f -";
    }

    private static void match(ObjectNode selector, Map<String, String> labels) {
        ObjectNode match = selector.putObject("matchLabels");
        labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> match.put(e.getKey(), e.getValue()));
    }
}
