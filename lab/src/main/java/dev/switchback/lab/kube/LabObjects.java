package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.Map;

/** The shapes that the objects of namespace {@code mastodon} share. */
final class LabObjects {
    private LabObjects() {}

    static Secret secret(String name, Map<String, String> labels, Map<String, String> data) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(MastodonCluster.NAMESPACE)
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withType("Opaque")
                .withStringData(data)
                .build();
    }

    static ConfigMap configMap(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(MastodonCluster.NAMESPACE)
                .withName(name)
                .endMetadata()
                .withData(data)
                .build();
    }

    /** The clusterIP is the address of the embedded server behind it. */
    static Service service(
            String name,
            String address,
            String portName,
            Map<String, String> labels,
            Map<String, String> selector) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(MastodonCluster.NAMESPACE)
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP(address)
                .withSelector(selector)
                .addNewPort()
                .withName(portName)
                .withPort(5432)
                .withNewTargetPort(5432)
                .endPort()
                .endSpec()
                .build();
    }

    /** A database pod: it is not on the lab's node, so no kubelet touches it. */
    static Pod databasePod(String name, String image, String address, Map<String, String> labels) {
        Pod pod =
                new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(MastodonCluster.NAMESPACE)
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("postgres")
                        .withImage(image)
                        .endContainer()
                        .endSpec()
                        .build();
        pod.setStatus(PodStates.running(pod));
        pod.getStatus().setPodIP(address);
        return pod;
    }

    static PersistentVolumeClaim volume(String name, Map<String, String> labels, String size) {
        PersistentVolumeClaim claim =
                new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withNamespace(MastodonCluster.NAMESPACE)
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withNewResources()
                        .addToRequests("storage", new Quantity(size))
                        .endResources()
                        .endSpec()
                        .build();
        claim.setStatus(
                new PersistentVolumeClaimStatusBuilder()
                        .withPhase("Bound")
                        .addToCapacity("storage", new Quantity(size))
                        .build());
        return claim;
    }

    static GenericKubernetesResource custom(
            String apiVersion, String kind, String name, Map<String, Object> spec) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(apiVersion)
                .withKind(kind)
                .withNewMetadata()
                .withNamespace(MastodonCluster.NAMESPACE)
                .withName(name)
                .endMetadata()
                .addToAdditionalProperties("spec", spec)
                .build();
    }
}
