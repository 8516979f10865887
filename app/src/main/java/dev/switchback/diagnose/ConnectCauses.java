package dev.switchback.diagnose;

import static dev.switchback.diagnose.Certainty.CERTAIN;
import static dev.switchback.diagnose.Symptom.CONNECT;

import dev.switchback.diagnose.Cause.Because;
import java.util.List;
import java.util.stream.Stream;

/** What stands between the applications and their database; the guide's Issue 3. */
final class ConnectCauses {
    private ConnectCauses() {}

    static final List<Cause> ALL =
            List.of(
                    new Cause(
                            "reference-missing",
                            CONNECT,
                            CERTAIN,
                            "A writer refers to a ConfigMap, Secret or key that is not there: its next pod does not start.",
                            e ->
                                    e.of(Topic.ENDPOINT)
                                            .filter(w -> w.has("missing"))
                                            .map(w ->
                                                    new Because(
                                                            w.object(),
                                                            w.text("missing"),
                                                            "create what is missing, then: kubectl rollout restart "
                                                                    + w.object()
                                                                    + inWriters(e)))),
                    new Cause(
                            "service-missing",
                            CONNECT,
                            CERTAIN,
                            "The Service that the applications are given is not there: its name does not resolve.",
                            e ->
                                    e.of(Topic.SERVICE)
                                            .filter(s -> s.is("exists", "false"))
                                            .map(s ->
                                                    new Because(
                                                            s.object(),
                                                            "there is no Service of this name in "
                                                                    + e.situation()
                                                                            .migration()
                                                                            .target()
                                                                            .namespace(),
                                                            "create the Pooler or Cluster that makes it (kubectl get poolers,clusters"
                                                                    + e.situation().inTarget()
                                                                    + "), or correct spec.endpoints.map"))),
                    new Cause(
                            "pooler-paused",
                            CONNECT,
                            CERTAIN,
                            "The pooler is paused: it takes connections and answers none.",
                            e ->
                                    e.of(Topic.POOLER)
                                            .filter(p ->
                                                    p.is("paused", "true")
                                                            || p.is("phase", "paused"))
                                            .map(p ->
                                                    new Because(
                                                            p.object(),
                                                            "spec.pgbouncer.paused is "
                                                                    + p.text("paused"),
                                                            "kubectl patch pooler "
                                                                    + p.object()
                                                                    + e.situation().inTarget()
                                                                    + " --type merge -p '{\"spec\":{\"pgbouncer\":{\"paused\":false}}}'"))),
                    new Cause(
                            "pooler-not-ready",
                            CONNECT,
                            CERTAIN,
                            "The pooler has fewer instances than it should, or belongs to another cluster.",
                            e ->
                                    e.of(Topic.POOLER)
                                            .filter(p ->
                                                    p.number("there", 0) < p.number("instances", 1)
                                                            || List.of("failed", "inactive")
                                                                    .contains(p.text("phase"))
                                                            || !p.is(
                                                                    "cluster",
                                                                    e.situation()
                                                                            .migration()
                                                                            .target()
                                                                            .cluster()))
                                            .map(p ->
                                                    new Because(
                                                            p.object(),
                                                            p.line(),
                                                            "kubectl describe pooler "
                                                                    + p.object()
                                                                    + e.situation().inTarget()))),
                    new Cause(
                            "target-down",
                            CONNECT,
                            CERTAIN,
                            "Nobody answers at the target's primary: connections are refused or time out.",
                            e ->
                                    RestoreCauses.after(e)
                                            .flatMap(x ->
                                                    Signs.refused(
                                                                    "target",
                                                                    List.of("SB-300"),
                                                                    Commands.describeTarget(x)
                                                                            + ", and read the log of the primary's pod")
                                                            .in(x))),
                    new Cause(
                            "connections-full",
                            CONNECT,
                            CERTAIN,
                            "The server, the role or the database takes no further connection.",
                            e ->
                                    Stream.of(
                                                    RestoreCauses.after(e)
                                                            .flatMap(x ->
                                                                    BackupCauses.full(x, "target")),
                                                    RestoreCauses.after(e)
                                                            .flatMap(x ->
                                                                    Signs.refused(
                                                                                    "target",
                                                                                    List.of(
                                                                                            Signs
                                                                                                    .FULL),
                                                                                    "raise max_connections of the Cluster")
                                                                            .in(x)),
                                                    LoginCauses.login(
                                                            e,
                                                            l -> l.is("state", Signs.FULL),
                                                            l ->
                                                                    l.text("words")
                                                                                    .contains(
                                                                                            "for role")
                                                                            ? LoginCauses.sql(
                                                                                    e,
                                                                                    l,
                                                                                    "ALTER ROLE "
                                                                                            + LoginCauses
                                                                                                    .role(
                                                                                                            l)
                                                                                            + " CONNECTION LIMIT -1")
                                                                            : "raise the limit that the words name, or lower the applications' pools"))
                                            .flatMap(s -> s)),
                    new Cause(
                            "certificate-expired",
                            CONNECT,
                            CERTAIN,
                            "The certificate is over: every client that verifies the server refuses it.",
                            e ->
                                    e.of(Topic.CERTIFICATE)
                                            .filter(c -> c.is("expired", "true"))
                                            .map(c ->
                                                    new Because(
                                                            c.object(),
                                                            "its certificate ended at "
                                                                    + c.text("expires"),
                                                            "kubectl delete secret "
                                                                    + e.situation()
                                                                            .migration()
                                                                            .target()
                                                                            .cluster()
                                                                    + "-server"
                                                                    + e.situation().inTarget()
                                                                    + " so that the operator issues a new one, or have your issuer do it"))),
                    new Cause(
                            "ca-differs",
                            CONNECT,
                            CERTAIN,
                            "The CA that the applications trust did not sign the certificate that they are shown.",
                            e ->
                                    e.of(Topic.CERTIFICATE)
                                            .filter(c -> c.has("untrusted"))
                                            .map(c ->
                                                    new Because(
                                                            c.object(),
                                                            "not trusted by "
                                                                    + caName(e)
                                                                    + ": "
                                                                    + c.text("untrusted"),
                                                            "put the CA of "
                                                                    + e.situation()
                                                                            .migration()
                                                                            .target()
                                                                            .cluster()
                                                                    + " into "
                                                                    + caName(e)
                                                                    + " (kubectl get secret "
                                                                    + e.situation()
                                                                            .migration()
                                                                            .target()
                                                                            .cluster()
                                                                    + "-ca"
                                                                    + e.situation().inTarget()
                                                                    + "), and restart the applications"))),
                    new Cause(
                            "certificate-name",
                            CONNECT,
                            CERTAIN,
                            "The certificate does not name the Service: clients with sslmode=verify-full refuse it.",
                            e ->
                                    e.of(Topic.CERTIFICATE)
                                            .filter(c -> c.has("unnamed"))
                                            .map(c ->
                                                    new Because(
                                                            c.object(),
                                                            "it is for "
                                                                    + c.text("names")
                                                                    + ", not for "
                                                                    + c.text("unnamed"),
                                                            Commands.patchTarget(
                                                                    e,
                                                                    "{\"certificates\":{\"serverAltDNSNames\":[\""
                                                                            + c.text("unnamed")
                                                                            + "\"]}}")))),
                    new Cause(
                            "endpoint-names-source",
                            CONNECT,
                            CERTAIN,
                            "The target serves, and a place where applications learn their database still names the source,"
                                    + " which is closed.",
                            e ->
                                    RestoreCauses.after(e)
                                            .flatMap(x -> x.of(Topic.ENDPOINT))
                                            .filter(v ->
                                                    v.has("namesSource")
                                                            || (v.has("shouldBe") && !isCa(e, v)))
                                            .map(v ->
                                                    new Because(
                                                            v.object(),
                                                            v.has("namesSource")
                                                                    ? "names the source in "
                                                                            + v.text("namesSource")
                                                                    : "names "
                                                                            + v.text("is")
                                                                            + ", should name "
                                                                            + v.text("shouldBe"),
                                                            v.has("namesSource")
                                                                    ? "correct where it comes from, then: kubectl rollout restart "
                                                                            + v.object()
                                                                            + inWriters(e)
                                                                    : "kubectl edit "
                                                                            + place(v)
                                                                            + inWriters(e)
                                                                            + ", and restart what reads it"))));

    static String inWriters(Evidence evidence) {
        return " -n " + evidence.situation().migration().namespace();
    }

    private static String caName(Evidence evidence) {
        return evidence.situation()
                .migration()
                .endpoints()
                .ca()
                .map(ca -> "Secret " + (evidence.situation().switched() ? ca.secret() : ca.with()))
                .orElse("the applications' CA");
    }

    /** The CA bundle is told by certificates, which show whether it matters. */
    private static boolean isCa(Evidence evidence, Seen value) {
        return evidence.situation()
                .migration()
                .endpoints()
                .ca()
                .filter(ca -> value.object().endsWith("/" + ca.secret() + "/" + ca.key()))
                .isPresent();
    }

    /** {@code ConfigMap/mastodon/name/key} as kubectl has it. */
    private static String place(Seen value) {
        String[] parts = value.object().split("/");
        return parts.length < 3
                ? value.object()
                : parts[0].toLowerCase(java.util.Locale.ROOT) + " " + parts[2];
    }
}
