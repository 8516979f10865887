package dev.switchback.steps.access;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.Reach;
import dev.switchback.pg.PresentedCertificate;
import dev.switchback.spec.Migration;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The certificates of the read-write Service and of every Service that the applications will be
 * given, against the CA that they will trust and the names that they will call.
 */
final class EndpointCertificates {
    /** As long as a rollback must stay possible. */
    private static final Duration ROLLBACK = Duration.ofDays(2);

    private static final Duration SOON = Duration.ofDays(14);

    private final World world;
    private boolean acceptable = true;

    EndpointCertificates(World world) {
        this.world = world;
    }

    /** Whether our own login can succeed as far as the certificate goes. */
    boolean targetAcceptable() {
        return acceptable;
    }

    void look(Findings findings) throws java.io.IOException {
        String own = world.migration().target().cluster() + "-rw";
        Set<String> services = new LinkedHashSet<>(List.of(own));
        services.addAll(world.migration().endpoints().map().values());
        Optional<String> trusted = trustedByApplications();
        String ca = trusted.isPresent() ? trusted.get() : Files.readString(world.target().caFile());
        for (String service : services) {
            String object = world.migration().target().namespace() + "/" + service;
            PresentedCertificate shown;
            try {
                Reach.Address address = world.target().address(service);
                shown =
                        PresentedCertificate.of(
                                address.host(), address.hostAddress().orElse(null), address.port());
            } catch (SwitchbackException e) {
                if (service.equals(own)) {
                    acceptable = false;
                }
                e.problems().forEach(p -> findings.unknown(explained(p)));
                continue;
            }
            findings.saw(
                    service,
                    shown.protocol() + ", until " + shown.expires() + ", for " + shown.names());
            boolean lasts = expiry(shown, object, "the applications will log in there", findings);
            boolean vouched = trust(shown, object, ca, trusted.isPresent(), findings);
            names(shown, object, service, trusted.isPresent(), findings);
            if (service.equals(own)) {
                acceptable = vouched && (lasts || shown.expires().isAfter(Instant.now()));
            }
        }
    }

    private static Problem explained(Problem problem) {
        return new Problem(
                problem.code(),
                problem.object(),
                problem.what(),
                problem.remedy(),
                "the applications will be sent there; what it shows them is not known");
    }

    /** The bundle that will stand where the applications read their CA. */
    private Optional<String> trustedByApplications() {
        return world.migration().endpoints().ca().flatMap(this::bundle);
    }

    private Optional<String> bundle(Migration.Ca ca) {
        return world.targetKube()
                .get(Kind.SECRET, world.migration().target().namespace(), ca.with())
                .flatMap(secret -> secret.secret(ca.key()))
                .map(secret -> secret.reveal());
    }

    /** Whether it outlives the rollback window. */
    static boolean expiry(
            PresentedCertificate shown, String object, String why, Findings findings) {
        Instant now = Instant.now();
        Duration left = Duration.between(now, shown.expires());
        if (left.compareTo(ROLLBACK) < 0) {
            Problem problem =
                    new Problem(
                            Code.CERTIFICATE_EXPIRES,
                            object,
                            left.isNegative()
                                    ? "its certificate expired at " + shown.expires()
                                    : "its certificate expires at "
                                            + shown.expires()
                                            + ", within 48 hours",
                            "renew it: delete the Secret of the server certificate so that the operator issues a new"
                                    + " one, or have your issuer do it",
                            why + "; from that moment every client that verifies is refused");
            if (left.isNegative()) {
                findings.fail(problem);
            } else {
                findings.block(problem);
            }
            return false;
        }
        if (left.compareTo(SOON) < 0) {
            findings.warn(
                    new Problem(
                            Code.CERTIFICATE_EXPIRES,
                            object,
                            "its certificate expires at " + shown.expires(),
                            "CloudNativePG renews its own 7 days before; see that the issuer of any other does too",
                            why));
        }
        return true;
    }

    private static boolean trust(
            PresentedCertificate shown,
            String object,
            String ca,
            boolean applications,
            Findings findings) {
        Optional<String> refused = shown.untrustedBy(ca);
        refused.ifPresent(reason ->
                findings.block(
                        new Problem(
                                Code.TLS_ENDPOINT,
                                object,
                                "its certificate is not signed by "
                                        + (applications
                                                ? "the CA of spec.endpoints.ca"
                                                : "the cluster's CA")
                                        + ": "
                                        + reason,
                                "name the Secret of the CA that signed it in spec.endpoints.ca.with",
                                "applications that verify the server cannot log in after the switch")));
        return refused.isEmpty();
    }

    /** A name that is missing matters only to clients that verify names. */
    private void names(
            PresentedCertificate shown,
            String object,
            String service,
            boolean applications,
            Findings findings) {
        String namespace = world.migration().target().namespace();
        boolean same = world.migration().namespace().equals(namespace);
        List<String> called =
                same
                        ? List.of(service, service + "." + namespace + ".svc")
                        : List.of(service + "." + namespace, service + "." + namespace + ".svc");
        List<String> missing = called.stream().filter(name -> !shown.names(name)).toList();
        if (missing.isEmpty()) {
            return;
        }
        Problem problem =
                new Problem(
                        Code.TLS_ENDPOINT,
                        object,
                        "its certificate is for "
                                + shown.names()
                                + ", not for "
                                + String.join(" and ", missing),
                        "add the name: spec.certificates.serverAltDNSNames of the Cluster; a Pooler shows the Cluster's"
                                + " certificate too",
                        "clients with sslmode=verify-full refuse it");
        if (applications) {
            findings.block(problem);
        } else {
            findings.warn(problem);
        }
    }
}
