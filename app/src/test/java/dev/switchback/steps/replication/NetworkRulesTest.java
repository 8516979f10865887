package dev.switchback.steps.replication;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.replication.NetworkRules.Direction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** NetworkPolicies mean what the Kubernetes API's reference says. */
class NetworkRulesTest {
    private static final KubeObject SERVER =
            pod(
                    """
                    metadata: {name: db-0, namespace: data, labels: {app: db, tier: back}}
                    spec: {containers: [{name: c, ports: [{name: postgresql, containerPort: 5432}]}]}
                    status: {podIP: 10.1.2.3}
                    """);
    private static final KubeObject CLIENT =
            pod(
                    """
                    metadata: {name: new-1, namespace: social, labels: {app: new}}
                    status: {podIP: 10.9.0.7}
                    """);

    private static KubeObject pod(String yaml) {
        return object(Kind.POD, yaml);
    }

    private static KubeObject object(Kind kind, String yaml) {
        try {
            return new KubeObject(kind, new ObjectMapper(new YAMLFactory()).readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KubeObject policy(String namespace, String spec) {
        return object(
                Kind.NETWORK_POLICY,
                "metadata: {name: p, namespace: " + namespace + "}\nspec: " + spec + "\n");
    }

    private static Answer in(String... specs) {
        List<KubeObject> policies = Arrays.stream(specs).map(spec -> policy("data", spec)).toList();
        return new NetworkRules(policies).admits(SERVER, CLIENT, 5432, Direction.INGRESS);
    }

    private static Answer out(String... specs) {
        List<KubeObject> policies =
                Arrays.stream(specs).map(spec -> policy("social", spec)).toList();
        return new NetworkRules(policies).admits(CLIENT, SERVER, 5432, Direction.EGRESS);
    }

    @Test
    void aPodThatNoPolicySelectsIsOpen() {
        assertThat(in()).isEqualTo(Answer.YES);
        assertThat(in("{podSelector: {matchLabels: {app: other}}}")).isEqualTo(Answer.YES);
        assertThat(in("{podSelector: {}, policyTypes: [Egress]}")).isEqualTo(Answer.YES);
        assertThat(
                        new NetworkRules(List.of(policy("elsewhere", "{podSelector: {}}")))
                                .admits(SERVER, CLIENT, 5432, Direction.INGRESS))
                .isEqualTo(Answer.YES);
    }

    @Test
    void aPolicyWithoutRulesClosesAndAnotherMayOpen() {
        String deny = "{podSelector: {}}";
        assertThat(in(deny)).isEqualTo(Answer.NO);
        assertThat(in(deny, "{podSelector: {matchLabels: {app: db}}, ingress: [{}]}"))
                .isEqualTo(Answer.YES);
    }

    @Test
    void portsAreNumbersRangesAndNamesOfTheServersContainer() {
        assertThat(in("{podSelector: {}, ingress: [{ports: [{port: 5432}]}]}"))
                .isEqualTo(Answer.YES);
        assertThat(in("{podSelector: {}, ingress: [{ports: [{port: 8008}]}]}"))
                .isEqualTo(Answer.NO);
        assertThat(in("{podSelector: {}, ingress: [{ports: [{port: 5000, endPort: 6000}]}]}"))
                .isEqualTo(Answer.YES);
        assertThat(in("{podSelector: {}, ingress: [{ports: [{port: postgresql}]}]}"))
                .isEqualTo(Answer.YES);
        assertThat(in("{podSelector: {}, ingress: [{ports: [{port: metrics}]}]}"))
                .isEqualTo(Answer.NO);
        assertThat(in("{podSelector: {}, ingress: [{ports: [{protocol: UDP}]}]}"))
                .isEqualTo(Answer.NO);
    }

    @Test
    void peersGoByLabelsInTheSameNamespaceUnlessNamespacesAreNamed() {
        assertThat(in("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"))
                .as("its own namespace only")
                .isEqualTo(Answer.NO);
        assertThat(in("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}"))
                .isEqualTo(Answer.YES);
        String named =
                "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels:"
                        + " {kubernetes.io/metadata.name: social}}, podSelector: {matchLabels: {app: %s}}}]}]}";
        assertThat(in(named.formatted("new"))).isEqualTo(Answer.YES);
        assertThat(in(named.formatted("old"))).isEqualTo(Answer.NO);
        String labelled =
                "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}";
        assertThat(in(labelled)).as("labels we may not read").isEqualTo(Answer.UNKNOWN);
        assertThat(in(labelled, named.formatted("new"))).isEqualTo(Answer.YES);
    }

    @Test
    void expressionsAreUnderstood() {
        String policy =
                "{podSelector: {matchExpressions: [{key: tier, operator: %s%s}]}, ingress: []}";
        assertThat(in(policy.formatted("In", ", values: [back]"))).isEqualTo(Answer.NO);
        assertThat(in(policy.formatted("NotIn", ", values: [back]"))).isEqualTo(Answer.YES);
        assertThat(in(policy.formatted("Exists", ""))).isEqualTo(Answer.NO);
        assertThat(in(policy.formatted("DoesNotExist", ""))).isEqualTo(Answer.YES);
    }

    @Test
    void blocksOfAddressesHaveExceptions() {
        String block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: %s%s}}]}]}";
        assertThat(in(block.formatted("10.0.0.0/8", ""))).isEqualTo(Answer.YES);
        assertThat(in(block.formatted("10.0.0.0/8", ", except: [10.9.0.0/16]")))
                .isEqualTo(Answer.NO);
        assertThat(in(block.formatted("10.9.0.7/32", ""))).isEqualTo(Answer.YES);
        assertThat(in(block.formatted("192.168.0.0/16", ""))).isEqualTo(Answer.NO);
        assertThat(in(block.formatted("'fd00::/8'", ""))).isEqualTo(Answer.NO);
        assertThat(in(block.formatted("nonsense", ""))).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void whatLeavesIsGuardedOnlyByPoliciesForEgress() {
        assertThat(out("{podSelector: {}}")).isEqualTo(Answer.YES);
        assertThat(out("{podSelector: {}, policyTypes: [Egress]}")).isEqualTo(Answer.NO);
        assertThat(out("{podSelector: {}, egress: [{ports: [{port: 53, protocol: UDP}]}]}"))
                .isEqualTo(Answer.NO);
        assertThat(
                        out(
                                "{podSelector: {}, egress: [{to: [{namespaceSelector: {}}], ports: [{port:"
                                        + " postgresql}]}]}"))
                .isEqualTo(Answer.YES);
    }

    @Test
    void theProposedPolicyOpensWhatItIsProposedFor() throws IOException {
        ServerPods data =
                new ServerPods(
                        "source",
                        "data",
                        "db",
                        java.util.Map.of("app", "db"),
                        List.of(SERVER),
                        new NetworkRules(List.of(policy("data", "{podSelector: {}}"))));
        ServerPods social =
                new ServerPods(
                        "target",
                        "social",
                        "new",
                        java.util.Map.of("app", "new"),
                        List.of(CLIENT),
                        new NetworkRules(
                                List.of(
                                        policy(
                                                "social",
                                                "{podSelector: {}, policyTypes: [Egress]}"))));
        String in = data.admit(social, 5432, Direction.INGRESS);
        String out = social.admit(data, 5432, Direction.EGRESS);
        assertThat(opened(data, in).admits(SERVER, CLIENT, 5432, Direction.INGRESS))
                .isEqualTo(Answer.YES);
        assertThat(opened(data, in).admits(SERVER, SERVER, 5432, Direction.INGRESS))
                .as("nobody else")
                .isEqualTo(Answer.NO);
        assertThat(opened(social, out).admits(CLIENT, SERVER, 5432, Direction.EGRESS))
                .isEqualTo(Answer.YES);
    }

    private static NetworkRules opened(ServerPods pods, String command) throws IOException {
        String json = command.substring("echo '".length(), command.indexOf("' | kubectl apply"));
        List<KubeObject> policies = new java.util.ArrayList<>(pods.rules().policies());
        policies.add(new KubeObject(Kind.NETWORK_POLICY, new ObjectMapper().readTree(json)));
        return new NetworkRules(policies);
    }
}
