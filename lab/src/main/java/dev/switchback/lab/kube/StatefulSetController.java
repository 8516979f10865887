package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** StatefulSets: numbered pods, made in order, removed and replaced from the highest down. */
final class StatefulSetController implements Controller {
    private static final String HASH = "controller-revision-hash";

    private final ClusterObjects objects;

    StatefulSetController(ClusterObjects objects) {
        this.objects = objects;
    }

    @Override
    public boolean reconcile(Instant now) {
        List<Pod> pods = objects.list(Kind.POD);
        List<StatefulSet> sets = objects.list(Kind.STATEFUL_SET);
        sets.forEach(set -> reconcile(set, WorkloadPods.ownedBy(pods, set)));
        for (Pod pod : pods) {
            if (pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> isGone(owner, sets))) {
                end(pod);
            }
        }
        return false;
    }

    private static boolean isGone(OwnerReference owner, List<StatefulSet> sets) {
        return owner.getKind().equals("StatefulSet")
                && sets.stream().noneMatch(s -> s.getMetadata().getUid().equals(owner.getUid()));
    }

    private void reconcile(StatefulSet set, List<Pod> pods) {
        int wanted = Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
        String hash = WorkloadPods.hash(set.getSpec().getTemplate());
        step(set, pods, wanted, hash);
        report(set, pods, hash);
    }

    /** One pod at a time; nothing happens while one is starting or leaving. */
    private void step(StatefulSet set, List<Pod> pods, int wanted, String hash) {
        Optional<Pod> surplus =
                pods.stream()
                        .filter(pod -> ordinal(pod) >= wanted)
                        .max(java.util.Comparator.comparing(StatefulSetController::ordinal));
        if (surplus.isPresent()) {
            end(surplus.get());
            return;
        }
        for (int i = 0; i < wanted; i++) {
            String name = set.getMetadata().getName() + "-" + i;
            Optional<Pod> pod =
                    pods.stream().filter(p -> p.getMetadata().getName().equals(name)).findFirst();
            if (pod.isEmpty()) {
                objects.create(
                        WorkloadPods.pod(set.getSpec().getTemplate(), set, name, HASH, hash));
                return;
            }
            if (PodStates.isLeaving(pod.get()) || !PodStates.isReady(pod.get())) {
                return;
            }
        }
        pods.stream()
                .filter(pod -> !hash.equals(pod.getMetadata().getLabels().get(HASH)))
                .max(java.util.Comparator.comparing(StatefulSetController::ordinal))
                .ifPresent(this::end);
    }

    private void end(Pod pod) {
        if (!PodStates.isLeaving(pod)) {
            objects.delete(pod);
        }
    }

    private static Integer ordinal(Pod pod) {
        String name = pod.getMetadata().getName();
        return Integer.valueOf(name.substring(name.lastIndexOf('-') + 1));
    }

    private void report(StatefulSet set, List<Pod> pods, String hash) {
        int ready = (int) pods.stream().filter(PodStates::isReady).count();
        int updated =
                (int)
                        pods.stream()
                                .filter(p -> hash.equals(p.getMetadata().getLabels().get(HASH)))
                                .count();
        StatefulSetStatus status =
                new StatefulSetStatusBuilder()
                        .withObservedGeneration(set.getMetadata().getGeneration())
                        .withReplicas(pods.size())
                        .withReadyReplicas(DeploymentController.counted(ready))
                        .withAvailableReplicas(ready)
                        .withUpdatedReplicas(DeploymentController.counted(updated))
                        .withUpdateRevision(set.getMetadata().getName() + "-" + hash)
                        .build();
        if (!status.equals(set.getStatus())) {
            set.setStatus(status);
            objects.updateStatus(set);
        }
    }
}
