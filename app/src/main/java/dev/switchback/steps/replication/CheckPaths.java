package dev.switchback.steps.replication;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.steps.replication.NetworkRules.Direction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The servers reach each other: the target's the source's, and for the way back the source's the
 * target's. What can be known without opening a session from their pods: one Kubernetes cluster,
 * the NetworkPolicies at both ends, and the lines of pg_hba that decide about the link's role.
 */
public final class CheckPaths extends Check {
    /** What both operators' servers listen on. */
    private static final int PORT = 5432;

    private final boolean bothWays;

    private CheckPaths(World world, boolean bothWays) {
        super(
                world,
                Chapter.INFRASTRUCTURE,
                "check-paths",
                bothWays
                        ? "Check that the two servers can reach each other"
                        : "Check that the source's server can reach the target's, for the way back");
        this.bothWays = bothWays;
    }

    /** The link's path and the way back's. */
    public static CheckPaths bothWays(World world) {
        return new CheckPaths(world, true);
    }

    /** The way back's path alone; with {@code rollback.link: none} nothing is looked at. */
    public static CheckPaths ofTheWayBack(World world) {
        return new CheckPaths(world, false);
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        if (!bothWays && !world.migration().rollback().link()) {
            findings.saw("paths", "not needed: spec.rollback.link is none");
            return;
        }
        if (!world.kube().server().equals(world.targetKube().server())) {
            findings.block(
                    new Problem(
                            Code.CONTEXTS_DIFFER,
                            world.target().display(),
                            "source and target are in different Kubernetes clusters ("
                                    + world.kube().server()
                                    + " and "
                                    + world.targetKube().server()
                                    + "): neither names nor cluster addresses of the one mean anything"
                                    + " in the other",
                            "make pod and Service addresses routable both ways and accept this, or use"
                                    + (bothWays
                                            ? " strategy offline"
                                            : " spec.rollback: {link: none}"),
                            "the servers themselves open the link: the target to the source's leader,"
                                    + " for the way back the source to the target"));
            return; // policies of the one cannot name pods of the other
        }
        ServerPods source = ServerPods.source(world);
        ServerPods target = ServerPods.target(world);
        if (bothWays) {
            path(target, source, findings);
            hba(target, role(context), findings);
        }
        path(source, target, findings);
        hba(source, target, role(context), findings);
    }

    /** Sessions from one side's servers to the other's. */
    static void path(ServerPods from, ServerPods to, Findings findings) {
        String name = from.word() + " to " + to.word();
        if (from.pods().isEmpty() || to.pods().isEmpty()) {
            ServerPods without = from.pods().isEmpty() ? from : to;
            findings.unknown(
                    new Problem(
                            Code.PATH_CLOSED,
                            without.display(),
                            "no pod has the labels " + without.labels(),
                            "kubectl get pods -n " + without.namespace() + " --show-labels",
                            "whether policies let the servers reach each other cannot be told"));
            return;
        }
        end(to, from, Direction.INGRESS, name, findings);
        end(from, to, Direction.EGRESS, name, findings);
        findings.saw("policies " + name, String.valueOf(guarding(from, to)));
    }

    private static long guarding(ServerPods from, ServerPods to) {
        return Stream.concat(
                        to.pods().stream()
                                .flatMap(p -> to.rules().selecting(p, Direction.INGRESS).stream()),
                        from.pods().stream()
                                .flatMap(p -> from.rules().selecting(p, Direction.EGRESS).stream()))
                .map(KubeObject::display)
                .distinct()
                .count();
    }

    private static void end(
            ServerPods guarded,
            ServerPods other,
            Direction direction,
            String path,
            Findings findings) {
        Optional<Problem> unclear = Optional.empty();
        for (KubeObject pod : guarded.pods()) {
            for (KubeObject peer : other.pods()) {
                Answer answer = guarded.rules().admits(pod, peer, PORT, direction);
                if (answer == Answer.NO) {
                    findings.block(closed(guarded, other, pod, peer, direction, path, false));
                    return;
                }
                if (answer == Answer.UNKNOWN && unclear.isEmpty()) {
                    unclear = Optional.of(closed(guarded, other, pod, peer, direction, path, true));
                }
            }
        }
        unclear.ifPresent(findings::warn);
    }

    private static Problem closed(
            ServerPods guarded,
            ServerPods other,
            KubeObject pod,
            KubeObject peer,
            Direction direction,
            String path,
            boolean unclear) {
        String policies =
                guarded.rules().selecting(pod, direction).stream()
                        .map(KubeObject::name)
                        .sorted()
                        .collect(Collectors.joining(", "));
        return new Problem(
                Code.PATH_CLOSED,
                guarded.display() + " " + direction.type().toLowerCase(Locale.ROOT),
                "NetworkPolicy "
                        + policies
                        + (unclear ? " may keep " : " keeps ")
                        + peer.name()
                        + (direction == Direction.INGRESS
                                ? " from reaching "
                                : " from being reached by ")
                        + pod.name()
                        + " at port "
                        + PORT
                        + (unclear
                                ? ": it goes by labels of namespaces, which we may not read"
                                : ""),
                guarded.admit(other, PORT, direction),
                "the path "
                        + path
                        + (path.startsWith("target")
                                ? " is the link's"
                                : " is the way back's; spec.rollback: {link: none} does without"));
    }

    /** The source's rules about the target's servers. */
    private void hba(ServerPods clients, String role, Findings findings) throws SQLException {
        try (Connection server = Pg.open(world.source("postgres", id()))) {
            for (String database : world.databases()) {
                hba(server, world.source().display(), database, role, clients.pods(), findings);
            }
        }
    }

    /** The target's rules about the source's; its superuser sees them, nobody else. */
    private void hba(ServerPods clients, ServerPods servers, String role, Findings findings)
            throws SQLException {
        Optional<ConnectionSpec> superuser = world.target().superuser("postgres", id());
        if (superuser.isEmpty()) {
            findings.saw("target.pgHba", "not looked at: superuser access is off");
            return;
        }
        try (Connection server = Pg.open(superuser.get())) {
            for (String database : world.databases()) {
                hba(server, servers.display(), database, role, clients.pods(), findings);
            }
        }
    }

    static void hba(
            Connection server,
            String display,
            String database,
            String role,
            List<KubeObject> clients,
            Findings findings)
            throws SQLException {
        for (KubeObject client : clients) {
            String address = client.status().path("podIP").asText("");
            if (address.isEmpty()) {
                continue; // not running: the cluster's own check tells
            }
            Optional<HbaRule> rule = HbaRule.first(server, database, role, address);
            if (rule.filter(HbaRule::admits).isEmpty()) {
                findings.block(refused(display, database, role, client, address, rule));
                return;
            }
        }
    }

    private static Problem refused(
            String display,
            String database,
            String role,
            KubeObject client,
            String address,
            Optional<HbaRule> rule) {
        return new Problem(
                Code.PATH_CLOSED,
                display + "/" + database + " pg_hba",
                rule.map(r -> "line " + r.line() + " of pg_hba.conf answers " + r.method())
                                .orElse("no line of pg_hba.conf speaks")
                        + " to role "
                        + role
                        + " from "
                        + client.name()
                        + " ("
                        + address
                        + ")",
                "add 'hostssl "
                        + database
                        + " "
                        + role
                        + " "
                        + address
                        + (address.contains(":") ? "/128" : "/32")
                        + " scram-sha-256' above it: spec.patroni.pg_hba of the postgresql object (a list"
                        + " there replaces the default one: repeat its lines), spec.postgresql.pg_hba of"
                        + " the Cluster",
                "the link logs in with a password, over TLS, from this server's pod");
    }

    /** The role of the links, named after the migration; before there is one, any of that form. */
    private static String role(StepContext context) {
        String uid = context.migrationUid().replace("-", "");
        return "switchback_" + (uid.length() < 8 ? "00000000" : uid.substring(0, 8));
    }
}
