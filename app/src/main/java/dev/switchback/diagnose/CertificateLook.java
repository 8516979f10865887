package dev.switchback.diagnose;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.kube.Reach;
import dev.switchback.pg.PresentedCertificate;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Migration;
import dev.switchback.steps.World;
import java.util.Optional;
import java.util.Set;

/**
 * What every Service of the target shows to a client, against the CA that the applications have now
 * (after the switch) or will have, and against the name that they call it by.
 */
final class CertificateLook implements Look {
    @Override
    public String name() {
        return "the certificates";
    }

    @Override
    public Set<Symptom> symptoms() {
        return Set.of(Symptom.CONNECT);
    }

    @Override
    public void take(World world, Evidence evidence) throws InterruptedException {
        Optional<Secret> ca =
                evidence.tried("the applications' CA", () -> trusted(world, evidence))
                        .flatMap(found -> found);
        for (String service : ObjectLook.services(world)) {
            certificate(world, service, ca, evidence);
        }
    }

    /** What stands where the applications read their CA, or will stand there. */
    private static Optional<Secret> trusted(World world, Evidence evidence) {
        Migration migration = world.migration();
        if (migration.endpoints().ca().isEmpty()) {
            return Optional.empty();
        }
        Migration.Ca ca = migration.endpoints().ca().get();
        Optional<KubeObject> holder =
                evidence.situation().switched()
                        ? world.kube().get(Kind.SECRET, migration.namespace(), ca.secret())
                        : world.targetKube()
                                .get(Kind.SECRET, migration.target().namespace(), ca.with());
        return holder.flatMap(secret -> secret.secret(ca.key()));
    }

    private static void certificate(
            World world, String service, Optional<Secret> ca, Evidence evidence) {
        try {
            Reach.Address address = world.target().address(service);
            PresentedCertificate shown =
                    PresentedCertificate.of(
                            address.host(), address.hostAddress().orElse(null), address.port());
            String qualified = service + "." + world.target().namespace();
            boolean same = world.migration().namespace().equals(world.target().namespace());
            evidence.saw(
                    Topic.CERTIFICATE,
                    service,
                    "protocol",
                    shown.protocol(),
                    "expires",
                    shown.expires().toString(),
                    "expired",
                    String.valueOf(shown.expires().isBefore(evidence.situation().now())),
                    "names",
                    String.join(" ", shown.names()),
                    "unnamed",
                    shown.names(same ? service : qualified) ? "" : same ? service : qualified,
                    "untrusted",
                    ca.flatMap(pem -> shown.untrustedBy(pem.reveal())).orElse(""),
                    "ca",
                    ca.map(Secret::sha256).orElse(""));
        } catch (SwitchbackException e) {
            Refusal why = Refusal.of(e);
            evidence.saw(Topic.CERTIFICATE, service, "code", why.code(), "words", why.words());
        }
    }
}
