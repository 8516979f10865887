package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Deployments, their ReplicaSets and the pods of these. A changed template brings new pods first
 * and takes the old ones as the new become ready; with strategy Recreate the old go first. As in a
 * real cluster the status does not count pods that are terminating: 0 replicas does not mean that
 * no process runs.
 */
final class DeploymentController implements Controller {
    private static final String HASH = "pod-template-hash";

    private final ClusterObjects objects;

    DeploymentController(ClusterObjects objects) {
        this.objects = objects;
    }

    @Override
    public boolean reconcile(Instant now) {
        List<Pod> pods = objects.list(Kind.POD);
        List<ReplicaSet> sets = objects.list(Kind.REPLICA_SET);
        List<Deployment> deployments = objects.list(Kind.DEPLOYMENT);
        for (Deployment deployment : deployments) {
            reconcile(deployment, sets, pods);
        }
        for (ReplicaSet set : sets) {
            if (deployments.stream().noneMatch(d -> owns(d, set))) {
                WorkloadPods.ownedBy(pods, set).forEach(this::end);
                objects.delete(set);
            }
        }
        return false;
    }

    private static boolean owns(Deployment deployment, ReplicaSet set) {
        return set.getMetadata().getOwnerReferences().stream()
                .anyMatch(o -> o.getUid().equals(deployment.getMetadata().getUid()));
    }

    private void reconcile(Deployment deployment, List<ReplicaSet> sets, List<Pod> pods) {
        String hash = WorkloadPods.hash(deployment.getSpec().getTemplate());
        int wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
        @Nullable ReplicaSet current = null;
        List<Pod> old = new ArrayList<>();
        for (ReplicaSet set : sets) {
            if (owns(deployment, set)) {
                if (hash.equals(set.getMetadata().getLabels().get(HASH))) {
                    current = set;
                } else {
                    old.addAll(WorkloadPods.ownedBy(pods, set));
                }
            }
        }
        if (current == null) {
            objects.create(replicaSet(deployment, hash));
            return; // its pods come with the next round, when it has a uid
        }
        List<Pod> live = live(WorkloadPods.ownedBy(pods, current));
        boolean recreate =
                deployment.getSpec().getStrategy() != null
                        && "Recreate".equals(deployment.getSpec().getStrategy().getType());
        if (!recreate || old.isEmpty()) {
            grow(deployment, current, hash, wanted - live.size());
        }
        live.stream().skip(wanted).forEach(this::end);
        long ready = live.stream().filter(PodStates::isReady).count();
        List<Pod> oldLive = live(old);
        long surplus = recreate ? oldLive.size() : oldLive.size() + ready - wanted;
        oldLive.stream().limit(Math.max(0, surplus)).forEach(this::end);
        report(deployment, live.stream().limit(wanted).toList(), oldLive);
    }

    private void grow(Deployment deployment, ReplicaSet set, String hash, int missing) {
        for (int i = 0; i < missing; i++) {
            objects.create(
                    WorkloadPods.pod(
                            deployment.getSpec().getTemplate(),
                            set,
                            set.getMetadata().getName() + "-" + NewObject.suffix(5),
                            HASH,
                            hash));
        }
    }

    private static List<Pod> live(List<Pod> pods) {
        return pods.stream().filter(pod -> !PodStates.isLeaving(pod)).toList();
    }

    private void end(Pod pod) {
        if (!PodStates.isLeaving(pod)) {
            objects.delete(pod);
        }
    }

    private void report(Deployment deployment, List<Pod> current, List<Pod> old) {
        List<Pod> all = new ArrayList<>(current);
        all.addAll(old);
        int ready = (int) all.stream().filter(PodStates::isReady).count();
        int wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
        DeploymentStatus status =
                new DeploymentStatusBuilder()
                        .withObservedGeneration(deployment.getMetadata().getGeneration())
                        .withReplicas(counted(all.size()))
                        .withUpdatedReplicas(counted(current.size()))
                        .withReadyReplicas(counted(ready))
                        .withAvailableReplicas(counted(ready))
                        .withUnavailableReplicas(counted(Math.max(0, wanted - ready)))
                        .addNewCondition()
                        .withType("Available")
                        .withStatus(ready >= wanted ? "True" : "False")
                        .endCondition()
                        .build();
        if (!status.equals(deployment.getStatus())) {
            deployment.setStatus(status);
            objects.updateStatus(deployment);
        }
    }

    /** The API leaves out counts of nothing. */
    static @Nullable Integer counted(int count) {
        return count == 0 ? null : count;
    }

    private static ReplicaSet replicaSet(Deployment deployment, String hash) {
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace(deployment.getMetadata().getNamespace())
                .withName(deployment.getMetadata().getName() + "-" + hash)
                .withLabels(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .addToLabels(HASH, hash)
                .withOwnerReferences(WorkloadPods.reference(deployment))
                .endMetadata()
                .withNewSpec()
                .withReplicas(deployment.getSpec().getReplicas())
                .withNewSelectorLike(deployment.getSpec().getSelector())
                .addToMatchLabels(HASH, hash)
                .endSelector()
                .endSpec()
                .build();
    }
}
