package dev.switchback.settle;

import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How large a side's data volumes are, by its claims or, without them, by its object. */
final class Volumes {
    private Volumes() {}

    /** Bytes of the smallest one; empty when nothing tells. */
    static Optional<Long> capacity(World world, boolean target) {
        return target ? ofTarget(world) : ofSource(world);
    }

    private static Optional<Long> ofTarget(World world) {
        KubeObject cluster = world.target().object();
        List<KubeObject> claims =
                world.targetKube()
                        .list(
                                Kind.PERSISTENT_VOLUME_CLAIM,
                                cluster.namespace(),
                                Map.of("cnpg.io/cluster", cluster.name()));
        return smallest(
                claims.stream()
                        .filter(c -> c.label("cnpg.io/pvcRole").orElse("PG_DATA").equals("PG_DATA"))
                        .toList(),
                cluster.spec().path("storage").path("size").asText(""));
    }

    private static Optional<Long> ofSource(World world) {
        KubeObject cluster = world.source().object();
        List<KubeObject> claims =
                world.kube()
                        .list(
                                Kind.PERSISTENT_VOLUME_CLAIM,
                                cluster.namespace(),
                                Map.of("application", "spilo", "cluster-name", cluster.name()));
        return smallest(claims, cluster.spec().path("volume").path("size").asText(""));
    }

    private static Optional<Long> smallest(List<KubeObject> claims, String declared) {
        Optional<Long> bound =
                claims.stream()
                        .map(c -> c.status().path("capacity").path("storage").asText(""))
                        .filter(c -> !c.isEmpty())
                        .map(Kube::bytes)
                        .min(Long::compare);
        return bound.or(() -> Optional.of(declared).filter(d -> !d.isEmpty()).map(Kube::bytes));
    }
}
