package dev.switchback.steps.replication;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.engine.Finding;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.kube.Kube;
import dev.switchback.lab.demo.Lab;
import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.pg.Scratch;
import dev.switchback.lab.traffic.Pace;
import dev.switchback.runbook.Checks;
import dev.switchback.runbook.SharedTemplate;
import dev.switchback.runbook.Stage;
import dev.switchback.spec.DocumentReader;
import dev.switchback.steps.World;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The online checks of a real lab, with the rights of the shipped Role. */
@Timeout(120)
@Tag("boundaries")
class ReplicationChecksKubeTest {
    private Lab lab;
    private KubernetesClient client;

    @BeforeEach
    void start() throws Exception {
        lab = Lab.start(SharedTemplate.get(), Pace.DEFAULT.withConnections(1));
        client = lab.kube().client();
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private List<Checks.Result> check(Function<World, World> change) {
        try (Stage stage =
                Stage.open(
                        DocumentReader.parse("lab", Lab.DOCUMENT),
                        new Stage.Connect(Optional.of(lab.kubeconfig()), Optional.empty(), true),
                        event -> {})) {
            World world = change.apply(stage.world());
            return Checks.run(
                    Runbook.named("online-checks")
                            .phase(
                                    Phase.CHECK,
                                    new CheckLogicalWal(world),
                                    new CheckIdentities(world),
                                    new CheckReplicable(world),
                                    CheckPaths.bothWays(world))
                            .build(),
                    world.runId(),
                    "uid",
                    false);
        }
    }

    private static List<Finding> of(List<Checks.Result> results, String check) {
        return results.stream()
                .filter(r -> r.step().id().equals(check))
                .flatMap(r -> r.findings().stream())
                .toList();
    }

    @Test
    void nothingOfTheLabBlocksAndPoliciesThatCloseAPathAreNamedWithTheOneThatOpensIt()
            throws Exception {
        List<Checks.Result> clean = check(world -> world);
        assertThat(clean.stream().flatMap(r -> r.findings().stream()))
                .as("the source's wal_level is a step's business")
                .allMatch(f -> f.level() == Finding.Level.WARN);
        assertThat(of(clean, "check-paths")).isEmpty();

        client.resource(
                        policy(
                                "only-web",
                                "Ingress",
                                Map.of("cluster-name", MastodonCluster.SOURCE)))
                .create();
        client.resource(
                        policy(
                                "nothing-out",
                                "Egress",
                                Map.of("cluster-name", MastodonCluster.SOURCE)))
                .create();
        List<Finding> closed = of(check(world -> world), "check-paths");
        assertThat(closed.stream().map(f -> f.level() + " " + f.problem().code().id()))
                .containsExactly("FAIL SB-498", "FAIL SB-498");
        assertThat(closed.getFirst().problem().what())
                .contains("only-web", "keeps database-1 from reaching", "port 5432");
        assertThat(closed.getLast().problem().what()).contains("nothing-out");
        for (Finding finding : closed) {
            apply(finding.problem().remedy());
        }
        assertThat(of(check(world -> world), "check-paths")).isEmpty();
    }

    @Test
    void clustersThatShareNoNetworkBlock() {
        Path folder = Scratch.folder("other");
        try (FakeKube other = FakeKube.start();
                Kube target =
                        Kube.connect(
                                Optional.of(
                                        other.kubeconfig(folder, other.adminToken(), "mastodon")),
                                Optional.empty())) {
            List<Finding> found = of(check(world -> withTarget(world, target)), "check-paths");
            assertThat(found)
                    .singleElement()
                    .satisfies(f -> {
                        assertThat(f.level()).isEqualTo(Finding.Level.FAIL);
                        assertThat(f.problem().code().id()).isEqualTo("SB-499");
                    });
        } finally {
            Scratch.delete(folder);
        }
    }

    private static World withTarget(World world, Kube target) {
        return new World(
                world.migration(),
                world.runId(),
                world.kube(),
                target,
                world.source(),
                world.target(),
                world.writers(),
                world.endpoints(),
                world.apply(),
                world.captured(),
                world.exclusions(),
                world.workFolder(),
                world.sessions(),
                world.listed(),
                world.clock());
    }

    private void apply(String command) throws Exception {
        JsonNode json =
                new ObjectMapper()
                        .readTree(
                                command.substring(
                                        "echo '".length(), command.indexOf("' | kubectl apply")));
        client.resource(new ObjectMapper().treeToValue(json, NetworkPolicy.class)).create();
    }

    private static NetworkPolicy policy(String name, String type, Map<String, String> labels) {
        return new NetworkPolicyBuilder()
                .withNewMetadata()
                .withNamespace(MastodonCluster.NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(labels)
                .endPodSelector()
                .withPolicyTypes(type)
                .endSpec()
                .build();
    }
}
