package dev.switchback.steps.access;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.PresentedCertificate;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Tls;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Both sides speak TLS and will go on doing so for as long as we may need them: our own sessions,
 * the certificates under the names that the applications will use, and the applications' sessions
 * of today against what the target accepts.
 */
public final class CheckTls extends Check {
    public CheckTls(World world) {
        super(
                world,
                Chapter.TARGET,
                "check-tls",
                "Check TLS, certificates and names on both sides");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        source(findings);
        EndpointCertificates certificates = new EndpointCertificates(world);
        certificates.look(findings);
        if (certificates.targetAcceptable()) {
            ConnectionSpec target = world.targetReader("postgres", id());
            findings.saw("target", session(target, findings) + ", verified");
        }
        new ClientTls(world, id()).look(findings);
    }

    private void source(Findings findings) throws SQLException {
        ConnectionSpec source = world.source("postgres", id());
        boolean verified = source.tls().mode() == Tls.Mode.VERIFY_FULL;
        findings.saw(
                "source",
                session(source, findings)
                        + (verified ? ", verified" : ", not verified: no CA known"));
        try {
            PresentedCertificate shown =
                    PresentedCertificate.of(source.host(), source.hostAddress(), source.port());
            if (verified) {
                EndpointCertificates.expiry(
                        shown, world.source().display(), "the way back needs it", findings);
            } else {
                findings.warn(
                        new Problem(
                                Code.TLS_ENDPOINT,
                                world.source().display(),
                                (shown.selfSigned()
                                                ? "its certificate is signed by itself"
                                                : "no CA is known for its certificate")
                                        + ", so the server is not verified",
                                "name the bundle that the applications trust in spec.endpoints.ca, or set spec.tls of the"
                                        + " postgresql object",
                                "encryption without verification does not tell a server from an impostor"));
            }
        } catch (SwitchbackException e) {
            e.problems().forEach(findings::unknown);
        }
    }

    private static String session(ConnectionSpec spec, Findings findings) throws SQLException {
        try (Connection connection = Pg.open(spec)) {
            String version =
                    Sql.first(
                            connection,
                            "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl");
            if (version == null) {
                findings.fail(
                        new Problem(
                                Code.PG_TLS,
                                spec.display(),
                                "the session is not encrypted",
                                "switch ssl on, or go around the plain proxy",
                                "passwords and rows would cross the network in clear"));
                return "plain";
            }
            return version;
        }
    }
}
