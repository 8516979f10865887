package dev.switchback.diagnose;

import static dev.switchback.diagnose.Certainty.CERTAIN;
import static dev.switchback.diagnose.Certainty.LIKELY;
import static dev.switchback.diagnose.Certainty.POSSIBLE;
import static dev.switchback.diagnose.Symptom.CONNECT;

import dev.switchback.diagnose.Cause.Because;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Why a login that reaches the database is refused, and what pods and logs tell beside it. */
final class LoginCauses {
    private LoginCauses() {}

    static final List<Cause> ALL =
            List.of(
                    new Cause(
                            "role-missing-on-target",
                            CONNECT,
                            CERTAIN,
                            "The role that an application logs in with does not exist on the target.",
                            e ->
                                    e.of(Topic.ROLE)
                                            .filter(r -> r.is("exists", "false"))
                                            .map(r ->
                                                    new Because(
                                                            r.object(),
                                                            "pg_roles of the target has no such role",
                                                            "switchback rollback, or create it with the password of the applications' Secret"))),
                    new Cause(
                            "role-closed",
                            CONNECT,
                            CERTAIN,
                            "The role may not log in, its password is over, or its connection limit is 0.",
                            e ->
                                    e.of(Topic.ROLE)
                                            .filter(r ->
                                                    r.is("canLogin", "false")
                                                            || r.is("expired", "true")
                                                            || r.is("connectionLimit", "0"))
                                            .map(r ->
                                                    new Because(
                                                            r.object(),
                                                            r.line(),
                                                            Commands.psql(
                                                                    e,
                                                                    "target",
                                                                    "postgres",
                                                                    "ALTER ROLE "
                                                                            + Commands.identifier(
                                                                                    r.object())
                                                                            + " LOGIN CONNECTION LIMIT -1 VALID UNTIL 'infinity'")))),
                    new Cause(
                            "wrong-password",
                            CONNECT,
                            CERTAIN,
                            "The server or the pooler has another password for the role than the applications' Secret.",
                            e ->
                                    login(
                                            e,
                                            l ->
                                                    l.is("state", "28P01")
                                                            || l.text("words")
                                                                    .contains("SASL auth"),
                                            l ->
                                                    "set the role's password to the Secret's: kubectl exec -it"
                                                            + e.situation().inTarget()
                                                            + " <primary> -- psql -c '\\password "
                                                            + l.text("role")
                                                            + "'; where the Cluster manages the role, correct the Secret that it names")),
                    new Cause(
                            "hba-refuses",
                            CONNECT,
                            CERTAIN,
                            "A line of pg_hba turns the login away, or no line admits it.",
                            e ->
                                    Stream.concat(
                                            login(
                                                    e,
                                                    l -> l.text("words").contains("pg_hba.conf"),
                                                    l ->
                                                            "correct spec.postgresql.pg_hba of the Cluster: kubectl edit cluster "
                                                                    + e.situation()
                                                                            .migration()
                                                                            .target()
                                                                            .cluster()
                                                                    + e.situation().inTarget()),
                                            Signs.log(
                                                            "hba",
                                                            List.of("target", "pooler"),
                                                            "correct spec.postgresql.pg_hba of the Cluster")
                                                    .in(e))),
                    new Cause(
                            "database-missing",
                            CONNECT,
                            CERTAIN,
                            "The database that an application names is not on the server.",
                            e ->
                                    login(
                                            e,
                                            l -> l.is("state", "3D000"),
                                            l ->
                                                    "correct the name where the application reads it, or create database "
                                                            + l.text("database"))),
                    new Cause(
                            "connect-denied",
                            CONNECT,
                            CERTAIN,
                            "The role has no CONNECT on the database.",
                            e ->
                                    login(
                                            e,
                                            l -> l.is("state", "42501"),
                                            l ->
                                                    sql(
                                                            e,
                                                            l,
                                                            "GRANT CONNECT ON DATABASE "
                                                                    + Commands.identifier(
                                                                            l.text("database"))
                                                                    + " TO "
                                                                    + role(l)))),
                    new Cause(
                            "service-leads-nowhere",
                            CONNECT,
                            CERTAIN,
                            "The server answers, and nobody does behind the Service that the applications use.",
                            e ->
                                    Signs.server(e, "target")
                                            .filter(s -> s.is("reachable", "true"))
                                            .flatMap(s ->
                                                    login(
                                                            e,
                                                            l ->
                                                                    l.is("code", "SB-300")
                                                                            && l.is(
                                                                                    "side",
                                                                                    "target")
                                                                            && !l.is(
                                                                                    "state",
                                                                                    Signs.FULL),
                                                            l ->
                                                                    "kubectl get endpoints "
                                                                            + l.text("service")
                                                                            + e.situation()
                                                                                    .inTarget()
                                                                            + ", and mend its selector or its pods"))),
                    new Cause(
                            "tls-refused",
                            CONNECT,
                            LIKELY,
                            "The TLS handshake fails for another reason: protocol, cipher, or a server without TLS.",
                            e ->
                                    Stream.concat(
                                            login(
                                                    e,
                                                    l -> l.is("code", "SB-302"),
                                                    l ->
                                                            "look at ssl_min_protocol_version and the pooler's TLS settings"),
                                            Signs.log(
                                                            "tls",
                                                            List.of(),
                                                            "compare the client's TLS version with ssl_min_protocol_version of the Cluster, its CA with the server's")
                                                    .in(e))),
                    new Cause(
                            "network-policy",
                            CONNECT,
                            LIKELY,
                            "A NetworkPolicy keeps the applications' pods from the database's or the pooler's port.",
                            e ->
                                    e.of(Topic.NETWORK)
                                            .filter(n -> n.is("admitted", "no"))
                                            .map(n ->
                                                    new Because(
                                                            n.object(),
                                                            "not admitted ("
                                                                    + n.text("direction")
                                                                    + ") by "
                                                                    + n.text("policies"),
                                                            "add a rule for TCP 5432 to one of them: kubectl edit networkpolicy "
                                                                    + n.text("policies")
                                                                            .split(",")[0]
                                                                    + e.situation().inTarget()))),
                    new Cause(
                            "pods-older-than-switch",
                            CONNECT,
                            LIKELY,
                            "A pod started before the endpoints were switched: it read its environment then, and goes on"
                                    + " using the source.",
                            LoginCauses::old),
                    new Cause(
                            "writers-stopped",
                            CONNECT,
                            CERTAIN,
                            "A writer ran before the switch and is set to run nothing now.",
                            e ->
                                    RestoreCauses.after(e)
                                            .flatMap(x -> x.of(Topic.ENDPOINT))
                                            .filter(w -> w.is("asked", "0"))
                                            .filter(w -> w.number("before", 0) > 0)
                                            .filter(w -> !e.situation().underWay())
                                            .map(w ->
                                                    new Because(
                                                            w.object(),
                                                            "replicas 0, before the migration "
                                                                    + w.text("before"),
                                                            "kubectl scale "
                                                                    + w.object()
                                                                    + ConnectCauses.inWriters(e)
                                                                    + " --replicas="
                                                                    + w.text("before")))),
                    new Cause(
                            "prepared-statements",
                            CONNECT,
                            LIKELY,
                            "An application uses prepared statements through a pooler in transaction mode that does not"
                                    + " keep them.",
                            Signs.log(
                                    "prepared",
                                    List.of(),
                                    "set pgbouncer.parameters.max_prepared_statements of the Pooler, or prepared statements off in the application")),
                    new Cause(
                            "name-unresolved",
                            CONNECT,
                            LIKELY,
                            "An application's host name does not resolve where its pod runs.",
                            Signs.log(
                                    "name",
                                    List.of(),
                                    "use the full name, service.namespace.svc, and look at the pod's NetworkPolicy for DNS")),
                    new Cause(
                            "writes-on-standby",
                            CONNECT,
                            LIKELY,
                            "An application writes through a read-only Service, or the database is read-only by default.",
                            Signs.log(
                                    "read-only",
                                    List.of(),
                                    "give the writer the read-write Service, or reset default_transaction_read_only")),
                    new Cause(
                            "pod-not-started",
                            CONNECT,
                            POSSIBLE,
                            "A pod of a writer does not run, for a reason that need not be the database.",
                            e ->
                                    e.of(Topic.POD)
                                            .filter(p -> p.text("role").contains("/"))
                                            .filter(p -> p.has("waiting") && p.is("ready", "false"))
                                            .map(p ->
                                                    new Because(
                                                            p.object(),
                                                            p.text("waiting")
                                                                    + ", "
                                                                    + p.text("restarts")
                                                                    + " restarts "
                                                                    + p.text("last"),
                                                            "kubectl describe pod "
                                                                    + p.object()
                                                                    + ConnectCauses.inWriters(
                                                                            e)))));

    interface Mend {
        String of(Seen login);
    }

    static Stream<Because> login(Evidence evidence, Predicate<Seen> how, Mend mend) {
        return evidence.of(Topic.LOGIN)
                .filter(l -> l.is("ok", "false"))
                .filter(how)
                .map(l -> new Because(l.object(), l.text("words"), mend.of(l)));
    }

    static String role(Seen login) {
        return Commands.identifier(login.text("role"));
    }

    static String sql(Evidence evidence, Seen login, String sql) {
        return Commands.psql(evidence, login.text("side"), "postgres", sql);
    }

    private static Stream<Because> old(Evidence evidence) {
        Optional<Instant> switched = evidence.situation().doneAt("switch-endpoints");
        if (!evidence.situation().switched() || switched.isEmpty()) {
            return Stream.empty();
        }
        // pods tell whole seconds
        Instant at = switched.get().truncatedTo(ChronoUnit.SECONDS);
        return evidence.of(Topic.POD)
                .filter(p -> p.text("role").contains("/"))
                .filter(p -> started(p).isBefore(at))
                .map(p ->
                        new Because(
                                p.object(),
                                "started at "
                                        + p.text("started")
                                        + ", the endpoints were switched at "
                                        + at,
                                "kubectl rollout restart "
                                        + p.text("role")
                                        + ConnectCauses.inWriters(evidence)));
    }

    private static Instant started(Seen pod) {
        try {
            return Instant.parse(pod.text("started"));
        } catch (DateTimeException e) {
            return Instant.MAX; // not started yet: it will read what stands there then
        }
    }
}
