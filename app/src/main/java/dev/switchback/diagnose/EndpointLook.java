package dev.switchback.diagnose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.World;
import dev.switchback.steps.replication.Answer;
import dev.switchback.steps.replication.NetworkRules;
import dev.switchback.steps.replication.NetworkRules.Direction;
import dev.switchback.workload.Endpoints;
import dev.switchback.workload.WriterEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the writers learn their database, whether their next pods would start, whether the running
 * ones may know it, and whether NetworkPolicies let them through. Values are told by the Service
 * names in them only.
 */
final class EndpointLook implements Look {
    private static final int PORT = 5432;

    @Override
    public String name() {
        return "the endpoints";
    }

    @Override
    public Set<Symptom> symptoms() {
        return Set.of(Symptom.CONNECT, Symptom.DATA);
    }

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        evidence.tried("the endpoints' values", () -> values(world, evidence));
        for (WriterRef ref : world.writers().refs()) {
            evidence.tried(ref.toString(), () -> writer(world, ref, evidence));
        }
        evidence.tried("NetworkPolicies", () -> network(world, evidence));
    }

    private static boolean values(World world, Evidence evidence) {
        for (Endpoints.Change change : world.endpoints().pending()) {
            evidence.saw(
                    Topic.ENDPOINT,
                    change.key().id(),
                    "is",
                    change.shownBefore(),
                    "shouldBe",
                    change.shownAfter());
        }
        return true;
    }

    private static boolean writer(World world, WriterRef ref, Evidence evidence) {
        KubeObject object = world.writers().object(ref);
        WriterEnvironment environment = world.writerEnvironment();
        Set<String> old = new TreeSet<>();
        for (Map.Entry<String, Secret> variable : environment.of(ref, object).entrySet()) {
            if (!world.endpointNames().namesIn(variable.getValue().reveal()).isEmpty()) {
                old.add(variable.getKey());
            }
        }
        JsonNode replicas = object.spec().path("replicas");
        evidence.saw(
                Topic.ENDPOINT,
                ref.toString(),
                "asked",
                ref.kind() == WriterRef.Kind.CRONJOB ? "" : replicas.asText("1"),
                "before",
                evidence.situation()
                        .state()
                        .flatMap(s -> s.step("stop-writers"))
                        .flatMap(s -> s.captured().get(ref.toString()))
                        .orElse(""),
                "namesSource",
                String.join(", ", old),
                "missing",
                String.join("; ", environment.unresolved(ref, object)));
        return true;
    }

    private static boolean network(World world, Evidence evidence) throws InterruptedException {
        NetworkRules rules =
                new NetworkRules(
                        world.targetKube()
                                .list(Kind.NETWORK_POLICY, world.target().namespace(), Map.of()));
        List<Pods.Known> pods = Pods.of(world, evidence);
        List<Pods.Known> servers = new ArrayList<>();
        for (String role : List.of("pooler", "target")) {
            pods.stream().filter(p -> p.role().equals(role)).findFirst().ifPresent(servers::add);
        }
        for (WriterRef ref : world.writers().refs()) {
            Optional<Pods.Known> client =
                    pods.stream().filter(p -> p.role().equals(ref.toString())).findFirst();
            for (Pods.Known server : servers) {
                client.ifPresent(c -> closed(rules, server.pod(), c, evidence));
            }
        }
        return true;
    }

    private static void closed(
            NetworkRules rules, KubeObject server, Pods.Known client, Evidence evidence) {
        for (Direction direction : Direction.values()) {
            boolean in = direction == Direction.INGRESS;
            KubeObject guarded = in ? server : client.pod();
            Answer admitted = rules.admits(guarded, in ? client.pod() : server, PORT, direction);
            if (admitted != Answer.YES) {
                evidence.saw(
                        Topic.NETWORK,
                        client.role() + " to " + server.name(),
                        "admitted",
                        admitted.name().toLowerCase(java.util.Locale.ROOT),
                        "direction",
                        direction.name().toLowerCase(java.util.Locale.ROOT),
                        "policies",
                        String.join(
                                ", ",
                                rules.selecting(guarded, direction).stream()
                                        .map(KubeObject::name)
                                        .toList()));
            }
        }
    }
}
