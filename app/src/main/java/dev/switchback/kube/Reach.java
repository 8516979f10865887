package dev.switchback.kube;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.util.Optional;

/** How a Service's PostgreSQL is reached from where we run. */
public enum Reach {
    /** We run in a pod: the cluster's DNS resolves the Service. */
    CLUSTER,
    /**
     * The Service's cluster address is routable from here ({@code --direct}: a VPN, a node, a flat
     * network).
     */
    DIRECT;

    /**
     * @param host the Service's DNS name, checked against the server's certificate
     * @param hostAddress what to connect to instead of resolving {@code host}
     */
    public record Address(String host, Optional<String> hostAddress, int port) {}

    /**
     * CLUSTER inside a pod, DIRECT when asked for.
     *
     * @throws SwitchbackException USAGE when neither holds
     */
    public static Reach choose(boolean direct) {
        if (direct) {
            return DIRECT;
        }
        if (System.getenv("KUBERNETES_SERVICE_HOST") != null) {
            return CLUSTER;
        }
        throw new SwitchbackException(
                Code.USAGE,
                "--direct",
                "we run outside the cluster and were not told that its Service addresses are reachable",
                "pass --direct where they are (VPN, node), or run Switchback as a Job in the cluster");
    }

    /** The address of port 5432 of a Service. */
    public Address address(Kube kube, String namespace, String service) {
        KubeObject object =
                kube.require(
                        Kind.SERVICE,
                        namespace,
                        service,
                        "check that the cluster is running and its name");
        int port = 5432;
        for (var candidate : object.spec().path("ports")) {
            String name = candidate.path("name").asText();
            if (name.equals("postgresql") || name.equals("postgres") || name.equals("pgbouncer")) {
                port = candidate.path("port").asInt(port);
            }
        }
        String host = service + "." + namespace + ".svc";
        if (this == CLUSTER) {
            return new Address(host, Optional.empty(), port);
        }
        String ip = object.spec().path("clusterIP").asText("");
        if (ip.isEmpty() || ip.equals("None")) {
            throw new SwitchbackException(
                    Code.PG_UNREACHABLE,
                    namespace + "/" + service,
                    "the Service has no cluster address",
                    "run Switchback as a Job in the cluster");
        }
        return new Address(host, Optional.of(ip), port);
    }
}
