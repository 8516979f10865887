package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import org.jspecify.annotations.Nullable;

/** The statuses a pod goes through. */
final class PodStates {
    private PodStates() {}

    static PodStatus running(Pod pod) {
        return new PodStatusBuilder()
                .withPhase("Running")
                .withPodIP("127.0.0.1")
                .withStartTime(ApiStore.now(0))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withLastTransitionTime(ApiStore.now(0))
                .endCondition()
                .addNewContainerStatus()
                .withName(pod.getSpec().getContainers().getFirst().getName())
                .withReady(true)
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .build();
    }

    static PodStatus waiting(Pod pod, @Nullable String why) {
        return new PodStatusBuilder()
                .withPhase("Pending")
                .addNewCondition()
                .withType("Ready")
                .withStatus("False")
                .endCondition()
                .addNewContainerStatus()
                .withName(pod.getSpec().getContainers().getFirst().getName())
                .withReady(false)
                .withNewState()
                .withNewWaiting()
                .withReason("CreateContainerConfigError")
                .withMessage(why)
                .endWaiting()
                .endState()
                .endContainerStatus()
                .build();
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    static boolean isLeaving(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }
}
