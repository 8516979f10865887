package dev.switchback.store.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.kube.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A sign of life in a Lease, so that a successor can tell a paused or cut-off holder from a living
 * one.
 */
final class RunLease {
    /** A holder silent for this long may be taken over. */
    static final Duration STALE = Duration.ofSeconds(30);

    private final Kube kube;
    private final String namespace;
    private final String migration;
    private final InstantSource clock;

    RunLease(Kube kube, String namespace, String migration, InstantSource clock) {
        this.kube = kube;
        this.namespace = namespace;
        this.migration = migration;
        this.clock = clock;
    }

    /** How long ago the holder gave its last sign; empty when there never was one. */
    Optional<Duration> silence() {
        return kube.get(Kind.LEASE, namespace, ObjectNames.lease(migration))
                .map(lease -> lease.spec().path("renewTime").asText(""))
                .filter(text -> !text.isEmpty())
                .map(text -> Duration.between(Instant.parse(text), clock.instant()));
    }

    void renew(String runId) {
        Optional<KubeObject> found = kube.get(Kind.LEASE, namespace, ObjectNames.lease(migration));
        String now = clock.instant().truncatedTo(ChronoUnit.MICROS).toString();
        try {
            if (found.isEmpty()) {
                ObjectNode lease = ObjectNames.labelled(ObjectNames.lease(migration), migration);
                fill(lease.putObject("spec"), runId, now);
                kube.create(Kind.LEASE, namespace, lease);
            } else {
                ObjectNode lease = found.get().json().deepCopy();
                fill(lease.withObject("spec"), runId, now);
                kube.replace(Kind.LEASE, namespace, lease);
            }
        } catch (SwitchbackException e) {
            // another process renewed in between: the advisory locks decide, the lease only informs
            if (e.code() != Code.KUBE_CONFLICT) {
                throw e;
            }
        }
    }

    private static void fill(ObjectNode spec, String runId, String now) {
        spec.put("holderIdentity", runId);
        spec.put("leaseDurationSeconds", (int) STALE.toSeconds());
        spec.put("renewTime", now);
    }
}
