package dev.switchback.lab.demo;

import dev.switchback.lab.kube.FakeKube;
import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.lab.pg.TcpProxy;

/**
 * Faults between the two servers: from now on a pod's IP, or a Service's, leads through a proxy.
 * What is connected already is not moved.
 */
public final class LabNetwork {
    private final Lab lab;
    private final FakeKube kube;

    LabNetwork(Lab lab, FakeKube kube) {
        this.lab = lab;
        this.kube = kube;
    }

    /**
     * Before the source's leader pod, which the target's subscription is pinned to; the
     * applications' Services lead past it.
     */
    public TcpProxy beforeSourcePod() {
        TcpProxy proxy = before(lab.source());
        kube.movePod(MastodonCluster.NAMESPACE, MastodonCluster.SOURCE + "-0", proxy.address());
        return proxy;
    }

    /** Before the target's read-write Service, which the source's subscription uses. */
    public TcpProxy beforeTargetService() {
        TcpProxy proxy = before(lab.target());
        kube.moveService(
                MastodonCluster.NAMESPACE, MastodonCluster.TARGET + "-rw", proxy.address());
        return proxy;
    }

    private TcpProxy before(PgServer server) {
        return lab.closing(TcpProxy.before(server));
    }
}
