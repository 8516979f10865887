package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** The pods of workloads: who owns them, which template they come from, how they are made. */
final class WorkloadPods {
    private WorkloadPods() {}

    static List<Pod> ownedBy(List<Pod> pods, HasMetadata owner) {
        String uid = owner.getMetadata().getUid();
        return pods.stream()
                .filter(pod ->
                        pod.getMetadata().getOwnerReferences().stream()
                                .anyMatch(o -> o.getUid().equals(uid)))
                .toList();
    }

    /** Changes whenever the template does. */
    static String hash(PodTemplateSpec template) {
        long mixed = Serialization.asJson(template).hashCode() * 0x9E3779B97F4A7C15L;
        String letters = "bcdfghjklmnpqrstvwxz2456789";
        StringBuilder hash = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            hash.append(letters.charAt((int) Long.remainderUnsigned(mixed, letters.length())));
            mixed = Long.divideUnsigned(mixed, letters.length());
        }
        return hash.toString();
    }

    static Pod pod(
            PodTemplateSpec template, HasMetadata owner, String name, String label, String value) {
        return new PodBuilder()
                .withNewMetadataLike(template.getMetadata())
                .withNamespace(owner.getMetadata().getNamespace())
                .withName(name)
                .addToLabels(label, value)
                .withOwnerReferences(reference(owner))
                .endMetadata()
                .withNewSpecLike(template.getSpec())
                .withNodeName(Kubelet.NODE)
                .endSpec()
                .build();
    }

    static OwnerReference reference(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
