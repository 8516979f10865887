package dev.switchback.steps.cleanup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import dev.switchback.spec.Migration;
import dev.switchback.steps.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of ours is in Kubernetes: our own objects, and marks on those of others. */
record KubernetesTraces(World world) {
    private static final String MARK = "switchback.dev/";
    private static final Map<String, String> OURS =
            Map.of("app.kubernetes.io/managed-by", "switchback");

    List<Trace> all() {
        Migration migration = world.migration();
        List<Trace> traces = new ArrayList<>();
        for (Kind kind : List.of(Kind.CONFIG_MAP, Kind.SECRET)) {
            for (KubeObject object : own(kind)) {
                traces.add(trace(object));
            }
        }
        world.kube()
                .get(Kind.LEASE, migration.namespace(), "switchback-" + migration.name())
                .ifPresent(lease -> traces.add(trace(lease)));
        source().ifPresent(object -> {
            traces.addAll(marks(object));
            object.spec()
                    .path("patroni")
                    .path("slots")
                    .fieldNames()
                    .forEachRemaining(slot -> ours(traces, "declared slot", slot));
        });
        for (String entry : world.source().keptSlots()) {
            ours(traces, "Patroni setting", entry);
        }
        world.targetKube()
                .get(
                        Kind.CNPG_CLUSTER,
                        migration.target().namespace(),
                        migration.target().cluster())
                .ifPresent(object -> traces.addAll(marks(object)));
        for (Migration.WriterRef writer : migration.writers()) {
            world.kube()
                    .get(kind(writer.kind()), writer.namespace(), writer.name())
                    .ifPresent(object -> traces.addAll(marks(object)));
        }
        return traces;
    }

    private Optional<KubeObject> source() {
        Migration.ClusterRef source = world.migration().source();
        return world.kube().get(Kind.POSTGRESQL, source.namespace(), source.cluster());
    }

    /** Everything that we keep about this migration, the journal included. */
    List<KubeObject> own(Kind kind) {
        Kube kube = world.kube();
        return kube.list(kind, world.migration().namespace(), OURS).stream()
                .filter(o ->
                        o.label("app.kubernetes.io/instance")
                                .filter(world.migration().name()::equals)
                                .isPresent())
                .toList();
    }

    private static void ours(List<Trace> traces, String kind, String name) {
        if (name.startsWith("switchback_")) {
            traces.add(Trace.left(Trace.SOURCE, kind, name));
        }
    }

    private static Trace trace(KubeObject object) {
        return Trace.left(Trace.KUBERNETES, object.kind().kind(), object.display());
    }

    private static List<Trace> marks(KubeObject object) {
        List<Trace> marks = new ArrayList<>();
        for (String where : List.of("labels", "annotations")) {
            JsonNode map = object.json().path("metadata").path(where);
            map.fieldNames()
                    .forEachRemaining(key -> {
                        if (key.startsWith(MARK)) {
                            marks.add(
                                    Trace.left(
                                            Trace.KUBERNETES,
                                            where.substring(0, where.length() - 1),
                                            key
                                                    + " of "
                                                    + object.kind().kind()
                                                    + " "
                                                    + object.display()));
                        }
                    });
        }
        return marks;
    }

    private static Kind kind(Migration.WriterRef.Kind kind) {
        return switch (kind) {
            case DEPLOYMENT -> Kind.DEPLOYMENT;
            case STATEFULSET -> Kind.STATEFUL_SET;
            case CRONJOB -> Kind.CRON_JOB;
        };
    }
}
