package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Optional;

/**
 * Names of Services as pods see them: {@code svc}, {@code svc.ns}, {@code svc.ns.svc} and {@code
 * svc.ns.svc.cluster.local} lead to the Service's clusterIP, a loopback address in the lab.
 */
public final class ClusterDns {
    private final ClusterObjects objects;

    public ClusterDns(FakeKube kube) {
        objects = kube.objects();
    }

    /** Where a Service answers. */
    public record Address(String host, int port) {}

    /**
     * @param namespace of the pod that asks
     * @return empty when there is no such Service, or when it has no address of its own
     */
    public Optional<Address> resolve(String host, String namespace) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        for (String suffix : List.of(".svc.cluster.local", ".svc")) {
            if (name.endsWith(suffix)) {
                name = name.substring(0, name.length() - suffix.length());
                return name.contains(".") ? service(name, namespace) : Optional.empty();
            }
        }
        return service(name, namespace);
    }

    private Optional<Address> service(String name, String namespace) {
        int dot = name.indexOf('.');
        String service = dot < 0 ? name : name.substring(0, dot);
        return objects.find(Kind.SERVICE, dot < 0 ? namespace : name.substring(dot + 1), service)
                .flatMap(ClusterDns::address);
    }

    private static Optional<Address> address(Service service) {
        String address = service.getSpec().getClusterIP();
        if (address == null || address.isEmpty() || address.equals("None")) {
            return Optional.empty();
        }
        return Optional.of(new Address(address, service.getSpec().getPorts().getFirst().getPort()));
    }
}
