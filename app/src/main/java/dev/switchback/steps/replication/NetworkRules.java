package dev.switchback.steps.replication;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.KubeObject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the NetworkPolicies of one namespace say about sessions between two pods: a pod that no
 * policy selects for a direction is open in it, any other only to what some rule admits. Labels of
 * namespaces cannot be read with the rights of the Role, but for the name that every one carries.
 *
 * @param policies all of the namespace
 */
public record NetworkRules(List<KubeObject> policies) {
    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    /** Which end of the session the policies guard. */
    public enum Direction {
        INGRESS("Ingress", "ingress", "from"),
        EGRESS("Egress", "egress", "to");

        private final String type;
        private final String rules;
        private final String peers;

        Direction(String type, String rules, String peers) {
            this.type = type;
            this.rules = rules;
            this.peers = peers;
        }

        String type() {
            return type;
        }
    }

    /** The policies that select a pod for a direction. */
    public List<KubeObject> selecting(KubeObject pod, Direction direction) {
        return policies.stream()
                .filter(p -> p.namespace().equals(pod.namespace()))
                .filter(p -> guards(p, direction))
                .filter(p ->
                        new LabelSelector(p.spec().path("podSelector")).matches(labels(pod), true)
                                == Answer.YES)
                .toList();
    }

    private static boolean guards(KubeObject policy, Direction direction) {
        JsonNode types = policy.spec().path("policyTypes");
        if (types.isEmpty()) {
            return direction == Direction.INGRESS || policy.spec().has("egress");
        }
        for (JsonNode type : types) {
            if (type.asText().equals(direction.type)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether {@code pod}, which this namespace's policies guard, may have a session with {@code
     * peer}.
     *
     * @param port of the server: of {@code pod} for INGRESS, of {@code peer} for EGRESS
     */
    public Answer admits(KubeObject pod, KubeObject peer, int port, Direction direction) {
        List<KubeObject> selecting = selecting(pod, direction);
        if (selecting.isEmpty()) {
            return Answer.YES;
        }
        KubeObject server = direction == Direction.INGRESS ? pod : peer;
        List<Answer> rules = new ArrayList<>();
        for (KubeObject policy : selecting) {
            for (JsonNode rule : policy.spec().path(direction.rules)) {
                rules.add(
                        Answer.all(
                                List.of(
                                        peer(rule.path(direction.peers), pod.namespace(), peer),
                                        port(rule.path("ports"), server, port))));
            }
        }
        return Answer.any(rules);
    }

    private static Answer port(JsonNode ports, KubeObject server, int wanted) {
        if (ports.isEmpty()) {
            return Answer.YES;
        }
        List<Answer> answers = new ArrayList<>();
        for (JsonNode port : ports) {
            if (!port.path("protocol").asText("TCP").equals("TCP")) {
                continue;
            }
            JsonNode number = port.path("port");
            if (number.isMissingNode() || number.isNull()) {
                answers.add(Answer.YES);
            } else if (number.isTextual()) {
                answers.add(Answer.of(named(server, number.asText()) == wanted));
            } else {
                int last = port.path("endPort").asInt(number.asInt());
                answers.add(Answer.of(number.asInt() <= wanted && wanted <= last));
            }
        }
        return Answer.any(answers);
    }

    private static int named(KubeObject pod, String name) {
        for (JsonNode container : pod.spec().path("containers")) {
            for (JsonNode port : container.path("ports")) {
                if (port.path("name").asText().equals(name)) {
                    return port.path("containerPort").asInt();
                }
            }
        }
        return -1;
    }

    private static Answer peer(JsonNode peers, String namespace, KubeObject pod) {
        if (peers.isEmpty()) {
            return Answer.YES;
        }
        List<Answer> answers = new ArrayList<>();
        for (JsonNode peer : peers) {
            answers.add(
                    peer.has("ipBlock")
                            ? block(peer.path("ipBlock"), pod)
                            : selected(peer, namespace, pod));
        }
        return Answer.any(answers);
    }

    private static Answer selected(JsonNode peer, String namespace, KubeObject pod) {
        Answer place =
                peer.has("namespaceSelector")
                        ? new LabelSelector(peer.path("namespaceSelector"))
                                .matches(Map.of(NAMESPACE_NAME, pod.namespace()), false)
                        : Answer.of(namespace.equals(pod.namespace()));
        return Answer.all(
                List.of(
                        place,
                        new LabelSelector(peer.path("podSelector")).matches(labels(pod), true)));
    }

    private static Answer block(JsonNode block, KubeObject pod) {
        try {
            InetAddress address = InetAddress.ofLiteral(pod.status().path("podIP").asText());
            if (!Cidr.parse(block.path("cidr").asText()).contains(address)) {
                return Answer.NO;
            }
            for (JsonNode except : block.path("except")) {
                if (Cidr.parse(except.asText()).contains(address)) {
                    return Answer.NO;
                }
            }
            return Answer.YES;
        } catch (IllegalArgumentException e) {
            return Answer.UNKNOWN; // a pod without an address yet, or a block that is none
        }
    }

    static Map<String, String> labels(KubeObject pod) {
        Map<String, String> labels = new LinkedHashMap<>();
        pod.json()
                .path("metadata")
                .path("labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        return labels;
    }
}
