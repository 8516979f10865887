package dev.switchback.steps.cluster;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every session on the migrated databases comes from a pod of a declared writer, by its address.
 * Behind a pooler the address is the pooler's: who uses that is told by references only.
 */
public final class CheckClients extends Check {
    private static final Set<String> OPERATORS = Set.of("spilo", "db-connection-pooler");

    public CheckClients(World world) {
        super(
                world,
                Chapter.APPLICATION,
                "check-clients",
                "Find every session on the source that belongs to no writer");
    }

    private record Client(String address, String role, String application, int sessions) {}

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        Map<String, List<KubeObject>> pods = pods();
        Set<String> ours = writerPods();
        int poolers = 0;
        for (Client client : clients()) {
            List<KubeObject> at = pods.getOrDefault(client.address(), List.of());
            // pods in the host's network share its address: one known among them is enough
            if (at.stream().anyMatch(pod -> ours.contains(pod.display()))) {
                continue;
            }
            if (at.stream().anyMatch(CheckClients::isOperators)) {
                poolers += client.sessions();
                continue;
            }
            judge(client, at, findings);
        }
        findings.saw("sessionsThroughPoolers", String.valueOf(poolers));
    }

    private void judge(Client client, List<KubeObject> at, Findings findings) {
        String who =
                client.sessions()
                        + " session(s) of role "
                        + client.role()
                        + (client.application().isEmpty()
                                ? ""
                                : " as '" + client.application() + "'");
        if (at.isEmpty()) {
            findings.warn(
                    problem(
                            client.address(),
                            who + " come from an address that is no pod of the writers' namespaces",
                            "find out who it is: kubectl get pods -A -o wide | grep "
                                    + client.address()));
        } else {
            KubeObject pod = at.getFirst();
            findings.block(
                    problem(
                            pod.display(),
                            who
                                    + " come from this pod, which belongs to no writer of the document"
                                    + (pod.owners().isEmpty()
                                            ? ""
                                            : " but to " + String.join(", ", pod.owners())),
                            "add its workload to spec.writers, or stop it"));
        }
    }

    private static Problem problem(String object, String what, String remedy) {
        return new Problem(
                Code.CLIENT_UNDECLARED,
                object,
                what,
                remedy,
                "it is not stopped: the fence ends its sessions, and afterwards it comes back to the"
                        + " old cluster");
    }

    private static boolean isOperators(KubeObject pod) {
        return pod.label("application").filter(OPERATORS::contains).isPresent()
                || pod.label("cnpg.io/cluster").isPresent();
    }

    private List<Client> clients() throws SQLException {
        Set<Client> clients = new LinkedHashSet<>();
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, id()))) {
                for (Client client :
                        Sql.list(
                                source,
                                """
                                SELECT host(client_addr), usename, application_name, count(*)
                                FROM pg_stat_activity
                                WHERE datname = current_database() AND backend_type = 'client backend'
                                  AND client_addr IS NOT NULL AND usename IS NOT NULL
                                  AND application_name NOT LIKE 'switchback/%'
                                GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                                """,
                                row ->
                                        new Client(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getString(3),
                                                row.getInt(4)))) {
                    if (!world.exclusions().role(client.role())) {
                        clients.add(client);
                    }
                }
            }
        }
        return List.copyOf(clients);
    }

    private Map<String, List<KubeObject>> pods() {
        Map<String, List<KubeObject>> pods = new LinkedHashMap<>();
        Set<String> namespaces = new LinkedHashSet<>();
        namespaces.add(world.migration().source().namespace());
        world.writers().refs().forEach(ref -> namespaces.add(ref.namespace()));
        for (String namespace : namespaces) {
            for (KubeObject pod : world.kube().list(Kind.POD, namespace, Map.of())) {
                pods.computeIfAbsent(pod.status().path("podIP").asText(""), ip -> new ArrayList<>())
                        .add(pod);
            }
        }
        return pods;
    }

    private Set<String> writerPods() {
        Set<String> pods = new HashSet<>();
        for (WriterRef ref : world.writers().refs()) {
            world.writers().podsOf(ref).forEach(pod -> pods.add(pod.display()));
        }
        return pods;
    }
}
