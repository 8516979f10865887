package dev.switchback.diagnose;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pods that matter, by what they are to us. */
final class Pods {
    private Pods() {}

    /**
     * @param role {@code source}, {@code source-pooler}, {@code source-job}, {@code target}, {@code
     *     pooler}, {@code ours} or the writer: {@code deployment/mastodon-web}
     */
    record Known(String role, KubeObject pod, boolean ofTarget) {}

    static List<Known> of(World world, Evidence evidence) throws InterruptedException {
        List<Known> pods = new ArrayList<>();
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("cluster-name", world.migration().source().cluster());
        evidence.tried(
                        "the source's pods",
                        () -> world.kube().list(Kind.POD, world.source().namespace(), labels))
                .ifPresent(found ->
                        found.forEach(p ->
                                pods.add(
                                        new Known(
                                                switch (p.label("application").orElse("")) {
                                                    case "spilo" -> "source";
                                                    case "db-connection-pooler" -> "source-pooler";
                                                    default -> "source-job";
                                                },
                                                p,
                                                false))));
        evidence.tried(
                        "the target's pods",
                        () ->
                                world.targetKube()
                                        .list(
                                                Kind.POD,
                                                world.target().namespace(),
                                                Map.of(
                                                        "cnpg.io/cluster",
                                                        world.migration().target().cluster())))
                .ifPresent(found -> found.forEach(p -> pods.add(targets(p))));
        for (WriterRef ref : world.writers().refs()) {
            evidence.tried("pods of " + ref, () -> world.writers().podsOf(ref))
                    .ifPresent(found ->
                            found.forEach(p -> pods.add(new Known(ref.toString(), p, false))));
        }
        evidence.tried("our own pods", () -> ours(world))
                .ifPresent(found -> found.forEach(p -> pods.add(new Known("ours", p, false))));
        return pods;
    }

    private static Known targets(KubeObject pod) {
        return new Known(
                pod.label("cnpg.io/poolerName").isPresent() ? "pooler" : "target", pod, true);
    }

    /** Pods in which Switchback runs or ran: by its label, or a Job's whose image is called so. */
    private static List<KubeObject> ours(World world) throws SwitchbackException {
        Set<KubeObject> ours = new LinkedHashSet<>();
        for (KubeObject pod :
                world.kube().list(Kind.POD, world.migration().namespace(), Map.of())) {
            boolean image = false;
            for (var container : pod.spec().path("containers")) {
                image |= container.path("image").asText("").matches(".*(^|/)switchback[:@].*");
            }
            if (image
                    || pod.label("app.kubernetes.io/name")
                            .filter("switchback"::equals)
                            .isPresent()) {
                ours.add(pod);
            }
        }
        return List.copyOf(ours);
    }
}
