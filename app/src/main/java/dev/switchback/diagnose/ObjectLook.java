package dev.switchback.diagnose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.steps.World;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Both clusters' objects, the poolers and Services that the applications use, and the volumes. */
final class ObjectLook implements Look {
    /** PgBouncer's own defaults. */
    private static final String POOL_SIZE = "20";

    private static final String CLIENTS = "100";

    @Override
    public String name() {
        return "the clusters' objects";
    }

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        evidence.tried("the source's object", () -> source(world, evidence));
        evidence.tried("the target's object", () -> target(world, evidence));
        Map<String, KubeObject> poolers = new java.util.LinkedHashMap<>();
        evidence.tried(
                        "the target's Poolers",
                        () ->
                                world.targetKube()
                                        .list(Kind.POOLER, world.target().namespace(), Map.of()))
                .ifPresent(found -> found.forEach(p -> poolers.put(p.name(), p)));
        for (String service : services(world)) {
            evidence.tried("Service " + service, () -> service(world, service, evidence));
            Optional.ofNullable(poolers.get(service)).ifPresent(p -> pooler(p, evidence));
        }
        evidence.tried("the volumes", () -> volumes(world, evidence));
    }

    /** Every Service of the target that somebody uses. */
    static Set<String> services(World world) {
        Set<String> services =
                new LinkedHashSet<>(List.of(world.migration().target().cluster() + "-rw"));
        services.addAll(world.migration().endpoints().map().values());
        return services;
    }

    private static boolean source(World world, Evidence evidence) {
        KubeObject object = world.source().object();
        evidence.saw(
                Topic.CLUSTER,
                "source",
                "name",
                object.display(),
                "status",
                world.source().status(),
                "standby",
                object.spec().hasNonNull("standby") ? "true" : "",
                "cpuLimit",
                object.spec().at("/resources/limits/cpu").asText(""),
                "memoryLimit",
                object.spec().at("/resources/limits/memory").asText(""));
        return true;
    }

    private static boolean target(World world, Evidence evidence) {
        KubeObject object = world.target().object();
        JsonNode status = object.status();
        evidence.saw(
                Topic.CLUSTER,
                "target",
                "name",
                object.display(),
                "phase",
                status.path("phase").asText(""),
                "phaseReason",
                status.path("phaseReason").asText(""),
                "instances",
                object.spec().path("instances").asText("1"),
                "ready",
                status.path("readyInstances").asText("0"),
                "currentPrimary",
                status.path("currentPrimary").asText(""),
                "targetPrimary",
                status.path("targetPrimary").asText(""),
                "superuserAccess",
                String.valueOf(object.spec().path("enableSuperuserAccess").asBoolean(false)),
                "fenced",
                object.annotation("cnpg.io/fencedInstances")
                        .filter(f -> !f.equals("[]"))
                        .orElse(""),
                "hibernation",
                object.annotation("cnpg.io/hibernation").filter("on"::equals).orElse(""),
                "cpuLimit",
                object.spec().at("/resources/limits/cpu").asText(""),
                "memoryLimit",
                object.spec().at("/resources/limits/memory").asText(""));
        return true;
    }

    private static void pooler(KubeObject pooler, Evidence evidence) {
        JsonNode bouncer = pooler.spec().path("pgbouncer");
        JsonNode parameters = bouncer.path("parameters");
        evidence.saw(
                Topic.POOLER,
                pooler.name(),
                "cluster",
                pooler.spec().path("cluster").path("name").asText(""),
                "type",
                pooler.spec().path("type").asText("rw"),
                "instances",
                pooler.spec().path("instances").asText("1"),
                "there",
                pooler.status().path("instances").asText("0"),
                "phase",
                pooler.status().path("phase").asText(""),
                "paused",
                String.valueOf(bouncer.path("paused").asBoolean(false)),
                "poolMode",
                bouncer.path("poolMode").asText("session"),
                "max_client_conn",
                parameters.path("max_client_conn").asText(CLIENTS),
                "default_pool_size",
                parameters.path("default_pool_size").asText(POOL_SIZE),
                "max_prepared_statements",
                parameters.path("max_prepared_statements").asText(""));
    }

    private static boolean service(World world, String service, Evidence evidence) {
        String namespace = world.target().namespace();
        Optional<KubeObject> object = world.targetKube().get(Kind.SERVICE, namespace, service);
        if (object.isEmpty()) {
            evidence.saw(Topic.SERVICE, service, "exists", "false");
            return false;
        }
        Map<String, String> selector = new java.util.LinkedHashMap<>();
        object.get()
                .spec()
                .path("selector")
                .properties()
                .forEach(e -> selector.put(e.getKey(), e.getValue().asText()));
        List<KubeObject> pods =
                selector.isEmpty()
                        ? List.of()
                        : world.targetKube().list(Kind.POD, namespace, selector);
        evidence.saw(
                Topic.SERVICE,
                service,
                "exists",
                "true",
                "selector",
                selector.toString(),
                "pods",
                String.valueOf(pods.size()),
                "readyPods",
                String.valueOf(pods.stream().filter(KubeObject::isReady).count()));
        return true;
    }

    private static boolean volumes(World world, Evidence evidence) {
        List<KubeObject> target =
                world.targetKube()
                        .list(
                                Kind.PERSISTENT_VOLUME_CLAIM,
                                world.target().namespace(),
                                Map.of("cnpg.io/cluster", world.migration().target().cluster()));
        target.forEach(v -> volume("target", v, evidence));
        world.kube()
                .list(
                        Kind.PERSISTENT_VOLUME_CLAIM,
                        world.source().namespace(),
                        Map.of("cluster-name", world.migration().source().cluster()))
                .forEach(v -> volume("source", v, evidence));
        return true;
    }

    private static void volume(String side, KubeObject volume, Evidence evidence) {
        evidence.saw(
                Topic.VOLUME,
                volume.name(),
                "side",
                side,
                "phase",
                volume.status().path("phase").asText(""),
                "asked",
                volume.spec().at("/resources/requests/storage").asText(""),
                "capacity",
                volume.status().at("/capacity/storage").asText(""),
                "class",
                volume.spec().path("storageClassName").asText(""));
    }
}
